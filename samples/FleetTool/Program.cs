using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool;

var program = new CommandLineProgram
{
    Name = "FleetTool",
    Summary = "Reads what the cloud says about an AWS IoT fleet: who changed what, what was found, who is connected, when errors surged.",
    Commands = FleetCommands.All,
};
return await program.RunAsync(args);
