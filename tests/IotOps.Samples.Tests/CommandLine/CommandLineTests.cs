using IotOps.Samples.CommandLine;

namespace IotOps.Samples.Tests.CommandLine;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private CommandArguments? _arguments;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Options_take_their_value_as_the_next_word_or_behind_an_equals_sign()
    {
        (await RunAsync("run", "--config", "a.json5", "--until-idle=3s", "--json")).ShouldBe(0);

        _arguments!["--config"].ShouldBe("a.json5");
        _arguments.Duration("--until-idle").ShouldBe(TimeSpan.FromSeconds(3));
        _arguments.Has("--json").ShouldBeTrue();
    }

    [Theory]
    [InlineData("demo: which command?; see demo --help")]
    [InlineData("demo: unknown command 'rum'; did you mean 'run'?; see demo --help", "rum")]
    [InlineData("demo: unknown option '--confg'; did you mean '--config'?; see demo run --help", "run", "--confg", "x")]
    [InlineData("demo: unexpected 'x'; see demo run --help", "run", "x")]
    [InlineData("demo: --config needs a value: --config FILE; see demo run --help", "run", "--config")]
    [InlineData("demo: --config FILE is missing; see demo run --help", "run")]
    [InlineData("demo: --json takes no value; see demo run --help", "run", "--config=a", "--json=yes")]
    [InlineData("demo: --config was given twice; see demo run --help", "run", "--config=a", "--config=b")]
    [InlineData("demo: --until-idle must be a time such as '300ms', '5s', '1m' or '2h', not '3'; see demo run --help", "run", "--config=a", "--until-idle=3")]
    public async Task A_wrong_command_line_gets_one_line_on_stderr_and_exit_code_2(string line, params string[] args)
    {
        (await RunAsync(args)).ShouldBe(2);

        _error.ToString().ShouldBe(line + Environment.NewLine);
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_of_two_words_takes_words_by_their_place_and_options_anywhere()
    {
        (await RunAsync("shadow", "set", "wifi/rssi", "--config", "a.json5", "-61")).ShouldBe(0);

        (_arguments!["PATH"], _arguments["VALUE"], _arguments["--config"]).ShouldBe(("wifi/rssi", "-61", "a.json5"));
    }

    [Theory]
    [InlineData("demo: VALUE is missing; see demo shadow set --help", "shadow", "set", "a")]
    [InlineData("demo: unexpected 'c'; see demo shadow set --help", "shadow", "set", "a", "b", "c")]
    [InlineData("demo: which of shadow set?; see demo --help", "shadow")]
    public async Task A_word_too_few_or_too_many_is_told(string line, params string[] args)
    {
        (await RunAsync(args)).ShouldBe(2);

        _error.ToString().ShouldBe(line + Environment.NewLine);
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        (await RunAsync("--help")).ShouldBe(0);

        _output.ToString().ShouldContain("  run         Does it.");
        _arguments.ShouldBeNull();
    }

    [Fact]
    public async Task Help_of_a_command_lists_its_options_and_runs_nothing()
    {
        (await RunAsync("run", "--config", "a", "--help")).ShouldBe(0);

        _output.ToString().ShouldContain("Usage: demo run --config FILE [--until-idle TIME] [--json]");
        _output.ToString().ShouldContain("  --config FILE      The file.");
        _arguments.ShouldBeNull();
    }

    [Fact]
    public async Task A_program_that_does_one_thing_needs_no_command()
    {
        var program = new CommandLineProgram
        {
            Name = "one",
            Summary = "One thing.",
            Commands = [new Command { Summary = "One thing.", Options = [new("--port", "N", "Port.")], RunAsync = RememberAsync }],
            Output = _output,
            Error = _error,
        };

        (await program.RunAsync(["--port", "4566"])).ShouldBe(0);
        _arguments!.Integer("--port", 0, 65535).ShouldBe(4566);
        (await program.RunAsync(["--port", "-1"])).ShouldBe(0);
        Should.Throw<UsageException>(() => _arguments.Integer("--port", 0, 65535)).Message.ShouldContain("0 to 65535");
    }

    private Task<int> RunAsync(params string[] args) => new CommandLineProgram
    {
        Name = "demo",
        Summary = "A program.",
        Commands =
        [
            new Command
            {
                Name = "run",
                Summary = "Does it.",
                Options =
                [
                    new("--config", "FILE", "The file.") { Required = true },
                    new("--until-idle", "TIME", "How long."),
                    new("--json", null, "As JSON."),
                ],
                RunAsync = RememberAsync,
            },
            new Command
            {
                Name = "shadow set",
                Summary = "Sets it.",
                Options =
                [
                    new("PATH", null, "Where.") { Required = true },
                    new("VALUE", null, "What.") { Required = true },
                    new("--config", "FILE", "The file."),
                    new("--until-idle", "TIME", "How long."),
                ],
                RunAsync = RememberAsync,
            },
        ],
        Output = _output,
        Error = _error,
    }.RunAsync(args);

    private Task<int> RememberAsync(CommandArguments arguments)
    {
        _arguments = arguments;
        arguments.Duration("--until-idle");
        return Task.FromResult(0);
    }
}
