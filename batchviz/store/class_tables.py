"""The tables of classes, of the same database as those of `store.tables`.

classroom     a class: its code, its teacher's secret, when it ends
class_round   its lessons, one after another, and where each stands
class_member  who is in it: visitors, who have no names
class_answer  what they answered
class_point   what they train for it
class_sent    what other programs trained and sent
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from batchviz.store.tables import metadata

classroom = Table(
    "classroom",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(16), nullable=False, unique=True),
    Column("secret", String(64), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("round", Integer, nullable=False),  # the one that goes on, from 1
    Column("measures", Boolean, nullable=False),
    Column("sweep", Text, nullable=False),  # JSON, empty for none
    Column("created", Float(53), nullable=False),
    Column("ends", Float(53), nullable=False),  # then it is deleted
    Column("ended", Float(53)),
    Index(None, "owner", "id"),
    Index(None, "ends"),
)

class_round = Table(
    "class_round",
    metadata,
    Column("class_id", ForeignKey("classroom.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("lesson", Text, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("runs", Text, nullable=False),  # JSON: public ids
)

class_member = Table(
    "class_member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("classroom.id", ondelete="CASCADE"), nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("arm", String(16), nullable=False),
    Column("joined", Float(53), nullable=False),
    UniqueConstraint("class_id", "visitor"),
)

class_answer = Table(
    "class_answer",
    metadata,
    Column("member_id", ForeignKey("class_member.id", ondelete="CASCADE"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("vote", String(8), primary_key=True),
    Column("class_id", ForeignKey("classroom.id", ondelete="CASCADE"), nullable=False),
    Column("answer", Text, nullable=False),  # JSON
    Column("changed", Float(53), nullable=False),
    Index(None, "class_id", "round"),
)

class_point = Table(
    "class_point",
    metadata,
    Column("class_id", ForeignKey("classroom.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the grid
    Column("member_id", ForeignKey("class_member.id", ondelete="CASCADE"), nullable=False),
    Column("run", String(16), nullable=False),  # a public id, empty until it is queued
    Column("taken", Float(53), nullable=False),
    Index(None, "member_id"),
)

class_sent = Table(
    "class_sent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", ForeignKey("classroom.id", ondelete="CASCADE"), nullable=False),
    Column("sender", String(64), nullable=False),
    Column("batch_size", Integer),
    Column("seed", Integer),
    Column("epochs", Text, nullable=False),  # JSON: a table of values an epoch
    Column("changed", Float(53), nullable=False),
    Index(None, "class_id", "sender"),
)
