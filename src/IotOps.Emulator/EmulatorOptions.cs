using System.Text.Json;

namespace IotOps.Emulator;

/// <summary>What an emulator listens on, whom it lets in and what it keeps.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Loopback port of the HTTP endpoint that serves every service; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Loopback port of the IoT credentials endpoint, mutual TLS; 0 takes a free one.</summary>
    public int CredentialsPort { get; init; }

    /// <summary>
    /// Host names besides <c>localhost</c>, <c>*.localhost</c> and loopback addresses under which HTTP requests are answered, and of whose
    /// web pages they are; no wildcards, no ports. Any other name is refused with 421, and a page of another name with 403, because the
    /// access key is public and a browser would let a stranger's page use it.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Access key id that is let in: by default AWS's public example <c>AKIAIOSFODNN7EXAMPLE</c>. Give <see cref="SecretAccessKey"/> too.</summary>
    public string AccessKeyId { get; init; } = "AKIAIOSFODNN7EXAMPLE";

    /// <summary>Secret of <see cref="AccessKeyId"/>. <c>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</c> by default.</summary>
    public string SecretAccessKey { get; init; } = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// <summary>Lets in the access key <c>test</c> with the secret <c>test</c> too, which people bring from other emulators. Off by default.</summary>
    public bool AcceptsTestKeys { get; init; }

    /// <summary>The MQTT broker.</summary>
    public EmulatedMqttOptions Mqtt { get; init; } = new();

    /// <summary>The shadow service.</summary>
    public EmulatedShadowOptions Shadows { get; init; } = new();

    /// <summary>Device Defender.</summary>
    public EmulatedDefenderOptions Defender { get; init; } = new();

    /// <summary>
    /// Reads a query of the fleet index, for SearchIndex and dynamic thing groups: what it returns says whether a thing, an object as SearchIndex
    /// answers, is found. A <see cref="FormatException"/> is an InvalidQueryException. Null reads <c>*</c> alone, and refuses others with 501:
    /// the emulator checks clients with code of its own and has no second grammar. With IotOps.Fleet it is
    /// <c>text =&gt; { FleetQuery query = FleetQuery.Parse(text); return thing =&gt; query.Matches(FleetThing.Read(thing)); }</c>.
    /// </summary>
    public Func<string, Func<JsonElement, bool>>? FleetQuery { get; init; }

    /// <summary>Where data is kept over restarts; null keeps it in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Clock of timestamps, signature checks, expiries and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Account that ARNs name: 12 digits. <c>123456789012</c> by default.</summary>
    public string AccountId { get; init; } = "123456789012";

    /// <summary>
    /// Bytes one log event may have, its 26 bytes of overhead included. CloudWatch Logs allows 1 MB;
    /// 262,144 is the limit of the China regions, and of all regions until 2025.
    /// </summary>
    public int MaxLogEventBytes { get; init; } = 1_048_576;

    /// <summary>Whether log events are checked and counted but not kept: for benchmarks with millions of them.</summary>
    public bool DiscardLogEvents { get; init; }

    /// <summary>
    /// Answers each search of FilterLogEvents with an empty page and a token first, as CloudWatch Logs may at any time: a client that stops at the first
    /// empty page fails its tests. Off by default.
    /// </summary>
    public bool BeginsWithEmptyLogPage { get; init; }

    /// <summary>Jobs of AWS Batch that run at once, 1 or more; the others wait. 4 by default.</summary>
    public int MaxRunningBatchJobs { get; init; } = 4;

    /// <summary>
    /// Whether the Logs endpoint reads bodies with <c>Content-Encoding: gzip</c>. When false it refuses them with
    /// a 400 SerializationException, as an endpoint does that knows nothing of compression. True by default.
    /// </summary>
    public bool AcceptsGzip { get; init; } = true;
}
