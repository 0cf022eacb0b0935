using System.Net;
using IotOps.SlackExport.Serving;
using IotOps.TestKit;

namespace IotOps.SlackExport.Tests.Hosting;

/// <summary>A host stops while the work behind an answer still waits for AWS.</summary>
public sealed class StoppingTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly LogText _log = new();
    private readonly GatedHandler _aws = new();
    private readonly StubHttpHandler _slack = new(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") });
    private SlackExportServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server = new SlackExportServer(new SlackExportOptions
        {
            SigningSecrets = [SlackForm.Secret],
            Authorization = Fleet.Everybody,
            Layout = Fleet.Layout,
            Environments = [new SlackExportEnvironment { Bucket = "b", Region = "eu-west-1", JobQueue = "q", JobDefinition = "d", Credentials = new Amazon.Runtime.BasicAWSCredentials("AKIDEXAMPLE", "secret") }],
            AwsTransport = _aws,
            SlackTransport = _slack,
            TimeProvider = _time,
            LoggerFactory = _log,
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _aws.Dispose();
        _slack.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Late_work_is_waited_for_and_its_outcome_posted()
    {
        (await AcknowledgedAsync()).ShouldContain("has arrived");

        Task stopping = _server.StopAsync(Cancel);
        stopping.IsCompleted.ShouldBeFalse();
        _aws.Open();
        await stopping;

        SlackBench.Shown(_slack.Requests.ShouldHaveSingleItem().Body).ShouldContain("Generating log file...");
        _log.ToString().ShouldNotContain("was cancelled");
    }

    [Fact]
    public async Task Late_work_is_cancelled_after_20_s()
    {
        await AcknowledgedAsync();

        Task stopping = _server.StopAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(19));
        stopping.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        _log.ToString().ShouldContain("Background work did not finish before the host stopped; it was cancelled");
        await _server.InFlight.WhenLateWorkIsDoneAsync(Cancel);
    }

    [Fact]
    public async Task A_host_out_of_patience_cancels_late_work_at_once()
    {
        await AcknowledgedAsync();

        await _server.StopAsync(new CancellationToken(canceled: true));

        _log.ToString().ShouldContain("was cancelled");
    }

    private async Task<string> AcknowledgedAsync()
    {
        byte[] body = new SlackForm { Text = "THING00001 command 2023/10/01" }.ToBytes();
        Task<SlackReply> post = _server.Endpoint.HandleAsync(SlackForm.Sign(body, _time.GetUtcNow()), body, _time.GetTimestamp());
        await _aws.Asked.WaitAsync(Cancel);
        _time.Advance(SlackEndpoint.AnswerWithin);
        return SlackBench.Shown((await post).Body);
    }

    /// <summary>An empty bucket and a queue that takes every job, once a test lets them answer.</summary>
    private sealed class GatedHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Open() => _open.TrySetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await _open.Task.WaitAsync(cancellationToken);
            return request.Method == HttpMethod.Get
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"jobId":"job-1","jobName":"x"}""") };
        }
    }
}
