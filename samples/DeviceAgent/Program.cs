using IotOps.Samples.CommandLine;
using IotOps.Samples.DeviceAgent;
using IotOps.Samples.DeviceAgent.Defender;
using IotOps.Samples.DeviceAgent.Outbox;
using IotOps.Samples.DeviceAgent.Shadow;

// For the patterns of the configuration: one line must not hold up all files. Read by the first regular expression that is made.
AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromMilliseconds(250));

var program = new CommandLineProgram
{
    Name = "DeviceAgent",
    Summary = "Ships this device's log files to Amazon CloudWatch Logs and single files to Amazon S3, keeps its AWS IoT shadows, and reports to AWS IoT Device Defender.",
    Commands = [RunCommand.Command, PutCommand.Command, ShadowCommands.Get, ShadowCommands.Set, PublishCommand.Command, CollectCommand.Command],
};
return await program.RunAsync(args);
