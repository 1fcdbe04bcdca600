"""The pages of officers: who is posted where, their accounts, and what may be changed of them."""
