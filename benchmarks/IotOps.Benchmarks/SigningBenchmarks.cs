using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using BenchmarkDotNet.Attributes;
using IotOps.Aws;

namespace IotOps.Benchmarks;

/// <summary>One PutLogEvents signature: ours with its cached key, beside AWSSDK.Core's, which derives the key each time.</summary>
[MemoryDiagnoser]
public class SigningBenchmarks
{
    private static readonly DateTimeOffset Time = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SigV4Signer _signer = new("us-east-1", "logs");
    private readonly ImmutableCredentials _credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private readonly SigV4Request _request = new()
    {
        Method = "POST",
        Path = "/",
        Headers =
        [
            new("Host", "logs.us-east-1.amazonaws.com"),
            new("Content-Type", "application/x-amz-json-1.1"),
            new("Content-Encoding", "gzip"),
            new("X-Amz-Target", "Logs_20140328.PutLogEvents"),
        ],
    };

    private string _canonicalRequest = "";

    [GlobalSetup]
    public void Setup() => _canonicalRequest = $"""
        POST
        /

        content-encoding:gzip
        content-type:application/x-amz-json-1.1
        host:logs.us-east-1.amazonaws.com
        x-amz-date:20231001T120000Z
        x-amz-target:Logs_20140328.PutLogEvents

        content-encoding;content-type;host;x-amz-date;x-amz-target
        {SigV4Request.EmptyPayloadHash}
        """.ReplaceLineEndings("\n");

    [Benchmark(Baseline = true, Description = "AWSSDK.Core ComputeSignature (canonical request given)")]
    public string Peer() => AWS4Signer
        .ComputeSignature(
            _credentials,
            "us-east-1",
            Time.UtcDateTime,
            "logs",
            "content-encoding;content-type;host;x-amz-date;x-amz-target",
            _canonicalRequest)
        .Signature;

    [Benchmark(Description = "SigV4Signer.Sign (canonical request included)")]
    public SigV4Signature Ours() => _signer.Sign(_request, _credentials, Time);

    [GlobalCleanup]
    public void Cleanup() => _signer.Dispose();
}
