using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;
using Polly.CircuitBreaker;

namespace IotOps.HouseTests.Snippets;

/// <summary>The Polly pipeline of src/IotOps.Aws/README.md does what the README says.</summary>
public sealed class AwsPipelineTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private PipelineHandler _transport = null!;
    private AwsEmulator _aws = null!;
    private AwsClient _s3 = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync();
        _aws.S3.CreateBucket("reports");
        _transport = new PipelineHandler(PipelineHandler.Pipeline(_time)) { InnerHandler = AwsHttpHandler.Create() };
        _s3 = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = "us-east-1",
            Endpoint = _aws.Endpoint,
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Retry = AwsRetryOptions.None,
            Transport = _transport,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        _transport.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_transient_failure_is_retried_by_the_pipeline()
    {
        using FaultHandle busy = _aws.Faults.Add(new Fault { Operation = "PutObject", Times = 2, Status = 503, Code = "SlowDown" });

        await PutAsync();

        busy.Hits.ShouldBe(2);
        _aws.S3.Keys("reports").ShouldBe(["r.json"]);
    }

    [Fact]
    public async Task An_open_circuit_sends_nothing_and_is_a_transient_network_error()
    {
        using FaultHandle down = _aws.Faults.Add(new Fault { Operation = "PutObject", Status = 503, Code = "SlowDown" });
        AwsException? refused = null;
        for (int calls = 0; refused is not { Code: "NetworkError" } && calls < 10; calls++)
        {
            refused = await Should.ThrowAsync<AwsException>(PutAsync);
        }

        int sent = down.Hits;
        AwsException open = await Should.ThrowAsync<AwsException>(PutAsync);

        down.Hits.ShouldBe(sent, "while the circuit is open S3 is left alone");
        open.IsTransient.ShouldBeTrue();
        open.Code.ShouldBe("NetworkError");
        open.InnerException!.InnerException.ShouldBeAssignableTo<BrokenCircuitException>();
    }

    private async Task PutAsync()
    {
        Task put = _s3.SendAsync(new AwsRequest { Operation = "PutObject", Method = HttpMethod.Put, Path = "/reports/r.json", Body = "{}"u8.ToArray() }, Cancel);
        while (!put.IsCompleted)
        {
            // Between two attempts only: while S3 is being called, no time passes.
            if (_time.ActiveTimers > 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
            }

            await Task.Yield();
        }

        await put;
    }
}
