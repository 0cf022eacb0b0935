using IotOps.Samples.CommandLine;
using IotOps.Samples.LogExport;

var program = new CommandLineProgram
{
    Name = "LogExport",
    Summary = "Makes one zip of a device's logs in S3, and a link to it; does so when asked in Slack.",
    Commands = [GenerateCommand.Command, ServeCommand.Command, LambdaCommand.Command],
};

// Lambda starts "bootstrap" without arguments.
string[] words = args is [] && Environment.GetEnvironmentVariable(LambdaCommand.RuntimeApiVariable) is { Length: > 0 } ? [LambdaCommand.Command.Name] : args;
return await program.RunAsync(words);
