"""Findings as words: plain functions over what `analysis` found, English only for now.

numbers       a number, a count, a list, a size, a duration: one spelling each, shared with the scripts
plan          what a plan has to say before anything runs
"""
