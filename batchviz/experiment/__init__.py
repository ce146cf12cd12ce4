"""What is trained: pure values. No TensorFlow at import, no words but those of errors."""
