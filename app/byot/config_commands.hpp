#pragma once

namespace byot::app {

/// `byot check-config`: the effective configuration of this process's environment on standard output, masked,
/// and 0; or every problem on standard error, a line each, and 78 (EX_CONFIG). Looks at no file, so that a
/// pipeline without the keyring can run it; `serve` does.
int check_config();

/// `byot config-reference`: the table of all variables as Markdown on standard output; 0.
int config_reference();

} // namespace byot::app
