"""Personal data of readers is kept by dated rules and goes when its term is over (Law 91/2025/QH15)."""
