using IotOps.Samples.CommandLine;
using IotOps.Soak;

var program = new CommandLineProgram
{
    Name = "IotOps.Soak",
    Summary = "Kills the device agent with SIGKILL while its logs rotate, then counts: nothing may be lost, and only the last request of a stream may be sent twice.",
    Commands =
    [
        new Command
        {
            Summary = "Kill the device agent with SIGKILL while its logs rotate, then count what arrived. Exit code 0 when nothing was lost.",
            Options =
            [
                new("--kills", "N", "How often; 200 by default."),
                new("--seed", "N", "Seed of kill times, rotations and lengths; random by default, and printed."),
                new("--longest-run", "TIME", "Kills fall uniformly between zero and this after the start; 2s by default."),
                new("--agent", "FILE", "The agent: a native binary or DeviceAgent.dll; by default the one built with this program."),
            ],
            RunAsync = async arguments => await new SoakRun(new SoakOptions
            {
                Kills = arguments.Integer("--kills", 0, 1_000_000) ?? 200,
                Seed = arguments.Integer("--seed", 0, int.MaxValue) ?? Random.Shared.Next(),
                LongestRun = arguments.Duration("--longest-run") ?? TimeSpan.FromSeconds(2),
                Agent = arguments["--agent"] ?? Path.Combine(AppContext.BaseDirectory, "DeviceAgent.dll"),
            }).RunAsync() ? 0 : 1,
        },
    ],
};
return await program.RunAsync(args);
