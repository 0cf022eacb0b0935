using System.Globalization;
using IotOps.Benchmarks.Detect;

switch (args)
{
    case ["file", var bodies, var things]:
        await DetectRun.FileAsync(bodies, Number(things));
        return 0;
    case ["simulate", var things, var reports]:
        await DetectRun.SimulateAsync(Number(things), Number(reports));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: file BODIES THINGS | simulate THINGS REPORTS");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
