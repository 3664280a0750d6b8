"""What browsers are told about the desk's pages."""

# Everything from us: no foreign script, style, font or frame; previews of photos are blobs, the line is our own WebSocket.
POLICY = "; ".join(("default-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
                    "frame-ancestors 'none'"))
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}
