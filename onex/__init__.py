"""What all services share. It imports no service."""

import warnings

# nameko rests on eventlet, which warns at every import against new projects on it: see docs/decisions/0003.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
