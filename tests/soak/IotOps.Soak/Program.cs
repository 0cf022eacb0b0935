using IotOps.Samples.CommandLine;
using IotOps.Soak;
using IotOps.Soak.Archive;
using IotOps.Soak.Detect;
using IotOps.Soak.Logs;
using IotOps.Soak.Mqtt;
using IotOps.Soak.Shadow;
using IotOps.Soak.Slack;

CommandOption[] common =
[
    new("--kills", "N", "How often the agent is killed."),
    new("--seed", "N", "Seed of kill times and data; random by default, and printed."),
    new("--longest-run", "TIME", "Kills fall uniformly between zero and this after the start."),
    new("--agent", "FILE", "The agent: a native binary or DeviceAgent.dll; by default the one built with this program."),
];

static SoakOptions Options(CommandArguments arguments, int kills, TimeSpan longestRun) => new()
{
    Kills = arguments.Integer("--kills", 0, 1_000_000) ?? kills,
    Seed = arguments.Integer("--seed", 0, int.MaxValue) ?? Random.Shared.Next(),
    LongestRun = arguments.Duration("--longest-run") ?? longestRun,
    Agent = arguments["--agent"] ?? Path.Combine(AppContext.BaseDirectory, "DeviceAgent.dll"),
};

var program = new CommandLineProgram
{
    Name = "IotOps.Soak",
    Summary = "Kills the device agent with SIGKILL again and again, then counts: what it had accepted must be there.",
    Commands =
    [
        new Command
        {
            Name = "logs",
            Summary = "Kill it while its logs rotate, 200 times within 2 s: no line may be lost, only a stream's last request may come twice.",
            Options = common,
            RunAsync = async arguments => await new LogSoak(Options(arguments, 200, TimeSpan.FromSeconds(2))).RunAsync() ? 0 : 1,
        },
        new Command
        {
            Name = "shadow",
            Summary = "Kill it during offline edits, 500 times within 1 s: no edit that it answered may be lost, its store always opens.",
            Options = common,
            RunAsync = async arguments => await new ShadowSoak(Options(arguments, 500, TimeSpan.FromSeconds(1))).RunAsync() ? 0 : 1,
        },
        new Command
        {
            Name = "messages",
            Summary = "Kill a process that keeps messages on the disk, 200 times within 1 s: none that it was told is kept may be lost.",
            Options = common,
            RunAsync = async arguments => await new MessageSoak(Options(arguments, 200, TimeSpan.FromSeconds(1))).RunAsync() ? 0 : 1,
        },
        new Command
        {
            Name = "publisher",
            Summary = "The process that messages kills.",
            Options = [new("--port", "N", "The broker's port."), new("--directory", "DIR", "Where messages are kept."), new("--next", "N", "The first number.")],
            RunAsync = async arguments =>
            {
                await MessageSoak.PublishAsync(arguments.Integer("--port", 1, 65_535) ?? 1883, arguments["--directory"]!, arguments.Integer("--next", 0, int.MaxValue) ?? 0);
                return 0;
            },
        },
        new Command
        {
            Name = "detect",
            Summary = "Kill one of three detection workers every second, 30 times: the alarms are those of an undisturbed run.",
            Options = [common[0], common[1], .. DetectSoakSetup.Options],
            RunAsync = async arguments =>
            {
                SoakOptions options = Options(arguments, 30, TimeSpan.Zero);
                using var setup = DetectSoakSetup.Read(arguments);
                return await new DetectSoak(setup, options.Kills, options.Seed).RunAsync() ? 0 : 1;
            },
        },
        new Command
        {
            Name = "detect-worker",
            Summary = "The process that detect kills.",
            Options = DetectSoakSetup.Options,
            RunAsync = async arguments =>
            {
                using var setup = DetectSoakSetup.Read(arguments);
                await SoakWorker.RunAsync(setup, DetectSoak.Patience, CancellationToken.None);
                return 0;
            },
        },
        new Command
        {
            Name = "zip",
            Summary = "Write an entry beyond 4 GiB and 200,000 entries, and have them read by every reader here: unzip, 7z, bsdtar, Python, .NET.",
            Options =
            [
                new("--megabytes", "N", "Plain bytes of the large entry; 4,400 by default, and at least 4,300 for the sizes to need 64 bits."),
                new("--entries", "N", "Entries of the other zip; 200,000 by default, more than 65,535 to need the ZIP64 directory."),
            ],
            RunAsync = async arguments => await new ZipSoak(
                arguments.Integer("--megabytes", 1, 1_000_000) ?? 4_400, arguments.Integer("--entries", 1, 10_000_000) ?? 200_000).RunAsync() ? 0 : 1,
        },
        new Command
        {
            Name = "slack",
            Summary = "Post signed commands to LogExport serve at a fixed rate: every one is answered, 99 % within 50 ms.",
            Options = SlackLoad.Options,
            RunAsync = async arguments => await SlackLoad.Read(arguments).RunAsync() ? 0 : 1,
        },
    ],
};
return await program.RunAsync(args);
