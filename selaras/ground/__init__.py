"""Who is acting, how far they see, what they did."""
