"""What happens inside training, from what is recorded: rows dealt into batches, batch gradients as arrows."""

from batchviz.ui.mechanism.dealing import draw_dealing
from batchviz.ui.mechanism.gradients import draw_gradients
from batchviz.ui.mechanism.inspection import draw_inspection
from batchviz.ui.mechanism.look_inside import draw_look_inside

__all__ = ["draw_dealing", "draw_gradients", "draw_inspection", "draw_look_inside"]
