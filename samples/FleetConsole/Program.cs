using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole;
using IotOps.Samples.FleetConsole.SignIn;

var program = new CommandLineProgram
{
    Name = "FleetConsole",
    Summary = "One page for the responder: when errors surged, what changed before, which devices, and a quarantine that can be undone.",
    Commands = [.. TokenCommands.All, ServeCommand.Command],
};
return await program.RunAsync(args);
