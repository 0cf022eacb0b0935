using System.Globalization;
using BenchmarkDotNet.Running;
using IotOps.Benchmarks.Mqtt;

if (args is ["mqtt", var port, ..])
{
    return await MqttThroughput.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), args is [_, _, var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 7);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
