using IotOps.Samples.CommandLine;
using IotOps.Samples.LogExport;

var program = new CommandLineProgram
{
    Name = "LogExport",
    Summary = "Makes one zip of a device's logs in S3, and a link to it.",
    Commands = [GenerateCommand.Command],
};
return await program.RunAsync(args);
