using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>A behavior of a profile, prepared once for all things.</summary>
internal sealed class WatchedBehavior
{
    /// <summary>The cloud looks at what it measures every five minutes, and so do windows here: every duration is a multiple of it.</summary>
    public const int BucketSeconds = 300;

    public WatchedBehavior(string profile, Behavior behavior, bool isRetained = false)
    {
        Profile = profile;
        Test = new BehaviorTest(behavior, MetricScope.Fleet);
        IsRetained = isRetained;
        Cloud = CloudMetrics.Of(behavior.Metric);
        Json = ToJson(behavior);
        Key = Hash(profile, isRetained ? "retained" : "behavior", Json);
        MetricKey = Hash("metric", behavior.Metric, []);
        BehaviorCriteria criteria = behavior.Criteria;
        IsNumber = criteria.ComparisonOperator <= ComparisonOperator.GreaterThanEquals;
        Seconds = CloudMetrics.IsCounted(Cloud) || Cloud == CloudMetric.MessageBytes ? Math.Max(BucketSeconds, (int)criteria.Duration.TotalSeconds) : (int)criteria.Duration.TotalSeconds;
        IsCumulative = CloudMetrics.IsCounted(Cloud) || criteria.Duration > TimeSpan.Zero || Test.Percent is not null;
        SketchKey = Hash(profile, "statistics", Encoding.UTF8.GetBytes($"{behavior.Metric} {Seconds} {(IsCumulative ? "sum" : "each")}"));
    }

    public string Profile { get; }

    public BehaviorTest Test { get; }

    public Behavior Behavior => Test.Behavior;

    /// <summary>Only remembered, never judged.</summary>
    public bool IsRetained { get; }

    public CloudMetric Cloud { get; }

    /// <summary>The behavior's text; with the profile's name what makes it the same behavior.</summary>
    public byte[] Json { get; }

    public ulong Key { get; }

    /// <summary>The metric, for measurements that wait.</summary>
    public ulong MetricKey { get; }

    public bool IsNumber { get; }

    /// <summary>The window; 0 for a datapoint a report.</summary>
    public int Seconds { get; }

    /// <summary>Of messages' sizes: whether they add up over the window, or each is judged.</summary>
    public bool IsCumulative { get; }

    /// <summary>Which days of datapoints the threshold comes from: those of all behaviors of the profile with the same metric and window.</summary>
    public ulong SketchKey { get; }

    /// <summary>Whether this behavior feeds the days: the first of those that share them.</summary>
    public bool IsFeeder { get; init; }

    /// <summary>Where the metric stands in the measurements of a report; -1 for what the cloud measures.</summary>
    public int MetricIndex { get; init; } = -1;

    private static byte[] ToJson(Behavior behavior)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            behavior.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ulong Hash(string first, string second, ReadOnlySpan<byte> third)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{first}\0{second}\0"));
        hash.AppendData(third);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }
}
