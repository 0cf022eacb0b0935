using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using IotOps.Shadow;

namespace IotOps.Benchmarks;

/// <summary>
/// Reads of a cached property, and durable edits: one after the other, and from many callers at once, who share flushes. On the disk that
/// IOTOPS_BENCHMARK_DIRECTORY names, or the temporary directory's.
/// </summary>
[MemoryDiagnoser]
public class ShadowBenchmarks
{
    private const int Callers = 64;
    private const int Rounds = 8;

    private readonly Task[] _edits = new Task[Callers];
    private string _directory = "";
    private ShadowCache _cache = null!;
    private DeviceShadow _shadow = null!;
    private Shadow<BenchmarkState> _typed = null!;
    private int _value;

    [Params(ShadowDurability.Flushed, ShadowDurability.Written)]
    public ShadowDurability Durability { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        string root = Environment.GetEnvironmentVariable("IOTOPS_BENCHMARK_DIRECTORY") ?? Path.GetTempPath();
        _directory = Path.Combine(root, $"shadow-{Guid.NewGuid():N}");
        _cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = new OfflineConnection(),
            ThingName = "THING00001",
            StateDirectory = _directory,
            Durability = Durability,
        });
        _shadow = _cache[ShadowId.Classic];
        _typed = _shadow.As(BenchmarkStateJson.Default.BenchmarkState);
        await _shadow.Reported.SetAsync(ShadowValue.Parse(
            """{"mode":"eco","target":21.5,"wifi":{"ssid":"home","rssi":-60,"channel":11},"firmware":"1.2.3","uptime":12345,"alarms":["a","b"]}"""));
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _cache.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public double GetProperty() => _shadow.Reported.TryGet("target", out ShadowValue? value) ? value.GetDouble() : 0;

    [Benchmark]
    public double GetNestedProperty() => _shadow.Reported.TryGet("wifi/rssi", out ShadowValue? value) ? value.GetDouble() : 0;

    [Benchmark]
    public double? GetTyped() => _typed.Reported.Target;

    [Benchmark]
    public async Task SetOneAfterTheOther() => await _shadow.Reported.SetAsync("uptime", ++_value);

    [Benchmark(OperationsPerInvoke = Callers * Rounds)]
    public async Task SetFromManyCallers()
    {
        for (int i = 0; i < Callers; i++)
        {
            _edits[i] = CallAsync();
        }

        await Task.WhenAll(_edits);
    }

    private async Task CallAsync()
    {
        for (int i = 0; i < Rounds; i++)
        {
            await _shadow.Reported.SetAsync("uptime", Interlocked.Increment(ref _value));
        }
    }
}

public sealed record BenchmarkState
{
    public string? Mode { get; init; }

    public double? Target { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchmarkState))]
internal sealed partial class BenchmarkStateJson : JsonSerializerContext;
