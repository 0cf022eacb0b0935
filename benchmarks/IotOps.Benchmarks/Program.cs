using System.Globalization;
using BenchmarkDotNet.Running;
using IotOps.Benchmarks;
using IotOps.Benchmarks.Archive;
using IotOps.Benchmarks.Mqtt;

if (args is ["mqtt", var port, ..])
{
    return await MqttThroughput.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), args is [_, _, var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 7);
}

if (args is ["defender-collect"])
{
    await CollectorRun.RunAsync();
    return 0;
}

if (args is ["export-objects", .. var counts])
{
    int[] numbers = [.. counts.Take(2).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
    await ExportObjects.RunAsync(numbers is [var objects, ..] ? objects : 86_400, numbers is [_, var rounds] ? rounds : 5, counts is [_, _, var only] ? only : null);
    return 0;
}

if (args is ["null-s3", var listed, var length])
{
    await new NullS3(int.Parse(listed, CultureInfo.InvariantCulture), long.Parse(length, CultureInfo.InvariantCulture)).RunAsync();
    return 0;
}

if (args is ["shadow-memory"])
{
    await ShadowMemory.RunAsync();
    return 0;
}

if (args is ["splice", var gzipped, .. var spliceRounds])
{
    await SpliceRounds.RunAsync(gzipped, spliceRounds is [var times] ? int.Parse(times, CultureInfo.InvariantCulture) : 7);
    return 0;
}

if (args is ["zip" or "zip-archive", _, _, ..])
{
    return await ZipCommand.RunAsync(args);
}

if (args is ["zip-profiles", var corpus, ..])
{
    await ZipProfiles.RunAsync(corpus, args is [_, _, var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 5);
    return 0;
}

if (args is ["zip-files", var single, .. var rest])
{
    await ZipFiles.RunAsync(single, rest is [var each, ..] ? int.Parse(each, CultureInfo.InvariantCulture) : 5, rest is [_, .. var suffixes] ? suffixes : []);
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
