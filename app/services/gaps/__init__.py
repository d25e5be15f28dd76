"""What a consortium lacks, and who could fill it."""
