using System.Net;
using System.Net.Sockets;
using IotOps.InteropTests.Peers;
using IotOps.Slack;
using IotOps.SlackExport.Tests;
using IotOps.SlackExport.Tests.Lambda;

namespace IotOps.InteropTests.Slack;

/// <summary>What the real programs let nobody do whom the configuration does not name.</summary>
public sealed class SlackStrangerTests(InteropPeers peers) : IAsyncLifetime
{
    private const string NotAllowed = "You may not do this here.";

    private SlackStage _stage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await SlackStage.OpenAsync(peers);
        _stage.Aws.S3.CreateBucket(SlackStage.Bucket);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Serve_refuses_another_workspaces_signed_command_and_leaves_nothing()
    {
        await using LogExportProcess serve = await LogExportProcess.StartAsync(_stage.Environment());

        (await _stage.OutcomeAsync(serve, _stage.Form() with { Team = "T0666" })).ShouldContain(NotAllowed);
        (await _stage.OutcomeAsync(serve, _stage.Form() with { App = "A0666" })).ShouldContain(NotAllowed);

        _stage.Aws.Batch.Jobs.ShouldBeEmpty();
        _stage.Aws.S3.Keys(SlackStage.Bucket).ShouldBeEmpty();
        serve.Written.ShouldContain("Denied: /iot-log; user U2147483697 of workspace T0666");
    }

    [Fact]
    public async Task The_Lambda_loop_refuses_another_workspaces_signed_command_and_leaves_nothing()
    {
        await using var api = new FakeRuntimeApi();
        api.Queue((_stage.Form() with { Team = "T0666" }).ToEvent(TimeProvider.System.GetUtcNow()));
        Dictionary<string, string> environment = _stage.Environment();
        environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;

        await using LogExportProcess function = LogExportProcess.Start(environment);
        await api.WaitForCallsAsync(3, Cancel);

        api.Calls[1].ShouldContain(NotAllowed);
        _stage.Aws.Batch.Jobs.ShouldBeEmpty();
        _stage.Aws.S3.Keys(SlackStage.Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_users_link_is_refused()
    {
        Dictionary<string, string> environment = _stage.Environment();
        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", "local");
        await _stage.OutcomeAsync(serve, _stage.Form());
        string id = _stage.Aws.S3.Keys(SlackStage.Bucket).Single(k => k.StartsWith("slack/requests/", StringComparison.Ordinal))["slack/requests/".Length..^".json".Length];

        (await _stage.OutcomeAsync(serve, _stage.Form() with { User = "U0GUEST", Text = $"link {id}" })).ShouldContain(NotAllowed);
        (await _stage.OutcomeAsync(serve, _stage.Form() with { User = "U0GUEST", Text = $"status {id}" })).ShouldContain(NotAllowed);
    }

    [Fact]
    public async Task The_same_signed_bytes_are_taken_by_one_of_two_servers()
    {
        await using LogExportProcess one = await LogExportProcess.StartAsync(_stage.Environment());
        await using LogExportProcess other = await LogExportProcess.StartAsync(_stage.Environment());
        SlackForm form = _stage.Form() with { Text = "help" };
        byte[] body = form.ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());

        (await PostAsync(one)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(other)).ShouldBe(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> PostAsync(LogExportProcess serve)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(serve.Address, "/slack/iot-log")) { Content = new ByteArrayContent(body) };
            request.Headers.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
            request.Headers.Add(SlackRequestHeaders.SignatureName, signed.Signature);
            using HttpResponseMessage answer = await http.SendAsync(request, Cancel);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_signing_secret_may_be_in_Secrets_Manager_alone()
    {
        string moto = (await peers.MotoAsync()).ToString().TrimEnd('/');
        Dictionary<string, string> environment = _stage.Environment();
        environment.Remove("SLACK_SIGNING_SECRET");
        await PeerCommand.RunAsync(
            peers.Require("aws-cli").Program,
            ["secretsmanager", "create-secret", "--name", "iot-log/slack", "--secret-string", $$"""{"signingSecret":"{{SlackForm.Secret}}","botToken":""}"""],
            new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["AWS_ENDPOINT_URL"] = moto });
        environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = moto;
        environment["SLACK_SECRET_ID"] = "iot-log/slack";

        await using LogExportProcess serve = await LogExportProcess.StartAsync(environment, "--runner", "local");

        (await _stage.OutcomeAsync(serve, _stage.Form() with { Text = "help" })).ShouldContain("IDENTIFIER CATEGORY");
        serve.Written.ShouldNotContain(SlackForm.Secret);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_more_is_closed()
    {
        await using LogExportProcess serve = await LogExportProcess.StartAsync(_stage.Environment());
        using var client = new TcpClient();
        await client.ConnectAsync(serve.Address.Host, serve.Address.Port, Cancel);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);

        // The server's own default is more than two minutes.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, patience.Token);

        System.Text.Encoding.ASCII.GetString(all.ToArray()).ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task Without_authorization_it_does_not_start_and_prints_the_smallest_section_that_would_do()
    {
        Dictionary<string, string> environment = _stage.Environment();
        string config = environment["LOGEXPORT_CONFIG"];
        string whole = await File.ReadAllTextAsync(config, Cancel);
        int begin = whole.IndexOf("authorization:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(config, $"{whole[..begin]} }} }}", Cancel);

        Exception refused = await Should.ThrowAsync<InvalidOperationException>(() => LogExportProcess.StartAsync(environment));

        refused.Message.ShouldContain("the configuration has no slack.authorization");
        refused.Message.ShouldContain("app: 'A0123456789'");
        refused.Message.ShouldContain("grants: [{ users: ['*'], categories: ['*'] }]");
    }
}
