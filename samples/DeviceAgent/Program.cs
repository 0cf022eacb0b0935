using IotOps.Samples.CommandLine;
using IotOps.Samples.DeviceAgent;

var program = new CommandLineProgram
{
    Name = "DeviceAgent",
    Summary = "Ships this device's log files to Amazon CloudWatch Logs, and single files to Amazon S3.",
    Commands = [RunCommand.Command, PutCommand.Command],
};
return await program.RunAsync(args);
