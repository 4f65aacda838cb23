import unittest
class PassBack(unittest.TestCase):
    pass
