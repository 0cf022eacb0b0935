using IotOps.Aws;
using IotOps.Emulator;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Hosting;

/// <summary>The seam for a team's own HTTP policies.</summary>
public sealed class TransportTests : IAsyncLifetime
{
    private readonly CountingHandler _network = new() { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _aws = await Fleet.StartAsync(Cancel);
        _aws.Batch.CreateJobQueue("slack");
        _aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "export", Run = (_, _) => Task.FromResult(0) });
    }

    public async ValueTask DisposeAsync()
    {
        _network.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Small_calls_to_AWS_go_through_the_transport_given()
    {
        await using SlackExportServer server = Server(new AwsRetryOptions());

        SlackBench.Shown((await PostAsync(server)).Body).ShouldContain("Generating log file...");

        // Within two minutes of a quarter of an hour the request of the window before is looked for too.
        _network.Paths.Where(p => !p.StartsWith("GET", StringComparison.Ordinal)).ShouldBe(
            [$"PUT /{Fleet.Bucket}/slack/replay/ID", $"PUT /{Fleet.Bucket}/slack/requests/ID", $"PUT /{Fleet.Bucket}/slack/quota/ID", "POST /v1/submitjob"]);
        (await PostAsync(server)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_transport_that_retries_is_left_alone_by_the_packages_own_retry()
    {
        using FaultHandle down = _aws.Faults.Add(new Fault { Operation = "PutObject", Status = 503, Code = "SlowDown" });
        await using SlackExportServer server = Server(AwsRetryOptions.None);

        SlackReply reply = await PostAsync(server);

        SlackBench.Shown(reply.Body).ShouldBe("AWS refused: s3 PutObject said SlowDown. Please ask again in a minute.");
        down.Hits.ShouldBe(1);
    }

    [Fact]
    public async Task Two_processes_accept_a_signature_once()
    {
        await using SlackExportServer one = Server(new AwsRetryOptions());
        await using SlackExportServer other = Server(new AwsRetryOptions());
        byte[] body = (Fleet.Form(_aws) with { Text = "help" }).ToBytes();
        var signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());

        (await one.Endpoint.HandleAsync(signed, body, TimeProvider.System.GetTimestamp())).Status.ShouldBe(200);
        (await other.Endpoint.HandleAsync(signed, body, TimeProvider.System.GetTimestamp())).Status.ShouldBe(401);
    }

    private SlackExportServer Server(AwsRetryOptions retry) => new(Fleet.Options(_aws) with
    {
        RunsInProcess = false,
        Environments = [Fleet.Environment(_aws) with { JobQueue = "slack", JobDefinition = "export" }],
        AwsTransport = _network,
        AwsRetry = retry,
    });

    private Task<SlackReply> PostAsync(SlackExportServer server)
    {
        byte[] body = Fleet.Form(_aws).ToBytes();
        return server.Endpoint.HandleAsync(SlackForm.Sign(body, TimeProvider.System.GetUtcNow()), body, TimeProvider.System.GetTimestamp());
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        private readonly List<string> _paths = [];

        public IReadOnlyList<string> Paths
        {
            get { lock (_paths) { return [.. _paths]; } }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            int name = path.LastIndexOf('/');
            lock (_paths) { _paths.Add($"{request.Method} {(path.Contains("/slack/", StringComparison.Ordinal) ? path[..name] + "/ID" : path)}"); }
            return base.SendAsync(request, cancellationToken);
        }
    }
}
