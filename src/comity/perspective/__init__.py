"""The Perspective protocol: what its clients send, what they get, and the numbers in between.

Everything here is a value or a function of values: `service.Service` answers a call that
`comity.web.perspective` has received.

Source of the protocol: the discovery document of commentanalyzer v1alpha1 (revision 20190414), the
documentation of the API, and answers of the live service that its clients' tests have kept.
"""
