"""What happens inside training, step by step, from what is recorded: rows dealt into batches."""

from batchviz.ui.mechanism.dealing import draw_dealing
from batchviz.ui.mechanism.look_inside import draw_look_inside

__all__ = ["draw_dealing", "draw_look_inside"]
