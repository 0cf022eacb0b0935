using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool;
using IotOps.Samples.FleetTool.Commands;

var program = new CommandLineProgram
{
    Name = "FleetTool",
    Summary = "Reads what the cloud says about an AWS IoT fleet: who changed what, what was found, who is connected, when errors surged.",
    Commands = FleetCommands.All,
};

// Lambda starts "bootstrap" without arguments.
string[] words = args is [] && RouteCommand.RuntimeApi is not null ? [RouteCommand.Command.Name] : args;
return await program.RunAsync(words);
