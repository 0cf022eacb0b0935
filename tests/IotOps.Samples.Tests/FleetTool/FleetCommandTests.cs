using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool;

namespace IotOps.Samples.Tests.FleetTool;

public sealed class FleetCommandTests
{
    public static TheoryData<string> Names => [.. FleetCommands.All.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_command_has_help(string name)
    {
        (int exit, string output, string error) = await RunAsync([.. name.Split(' '), "--help"]);

        exit.ShouldBe(0);
        output.ShouldContain($"Usage: FleetTool {name}");
        error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mistyped_command_is_told_with_the_nearest_one()
    {
        (int exit, _, string error) = await RunAsync("selector");

        exit.ShouldBe(2);
        error.ShouldBe($"FleetTool: unknown command 'selector'; did you mean 'selectors'?; see FleetTool --help{Environment.NewLine}");
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var program = new CommandLineProgram { Name = "FleetTool", Summary = "x", Commands = FleetCommands.All, Output = output, Error = error };
        int exit = await program.RunAsync(args);
        return (exit, output.ToString(), error.ToString());
    }
}
