#pragma once

namespace byot::app {

/// `byot check-config`: the effective configuration of this process's environment on standard output, masked,
/// and 0; or every problem that would keep `serve` from starting on standard error, a line each, and 78
/// (EX_CONFIG). Makes and changes nothing. That another listener has the port is told, and no problem: the
/// command is run beside the server it is about, too.
int check_config();

/// `byot config-reference`: the table of all variables as Markdown on standard output; 0.
int config_reference();

} // namespace byot::app
