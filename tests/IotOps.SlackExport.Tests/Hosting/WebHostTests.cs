using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using IotOps.Emulator;
using IotOps.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Tests.Hosting;

/// <summary>A team's own web host with the command mapped into it, on Kestrel.</summary>
public sealed class WebHostTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private readonly LogText _log = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await Fleet.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_signed_command_becomes_a_zip_behind_a_link()
    {
        await using WebApplication app = await StartAsync(Fleet.Options(_aws));

        using HttpResponseMessage answer = await PostAsync(app, Fleet.Form(_aws));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("Generating log file...");
        (await ReadLinkedAsync()).ShouldBe(Fleet.Day);
    }

    [Fact]
    public async Task The_command_and_its_answers_are_the_same_at_another_path()
    {
        WebApplicationBuilder builder = Builder(Fleet.Options(_aws) with { CommandName = "/fleet-logs" });
        await using WebApplication app = builder.Build();
        app.MapSlackCommand("/hooks/logs");
        await app.StartAsync(Cancel);

        using HttpResponseMessage help = await PostAsync(app, Fleet.Form(_aws) with { Text = "help" }, "/hooks/logs");

        (await help.Content.ReadAsStringAsync(Cancel)).ShouldContain("/fleet-logs IDENTIFIER CATEGORY");
    }

    [Fact]
    public async Task An_unsigned_request_is_refused_and_logged_by_the_host()
    {
        await using WebApplication app = await StartAsync(Fleet.Options(_aws));

        using HttpResponseMessage answer = await _http.PostAsync(new Uri(Address(app), "/slack/iot-log"), new ByteArrayContent(Fleet.Form(_aws).ToBytes()), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _log.ToString().ShouldContain("A request was refused");
        _aws.S3.Keys(Fleet.Bucket).ShouldNotContain(key => key.StartsWith("slack/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64 << 10, 401)]
    [InlineData((64 << 10) + 1, 413)]
    [InlineData(1 << 20, 413)]
    public async Task A_body_above_64_KiB_is_refused_before_it_is_verified(int bytes, int status)
    {
        await using WebApplication app = await StartAsync(Fleet.Options(_aws));

        using HttpResponseMessage answer = await _http.PostAsync(new Uri(Address(app), "/slack/iot-log"), new ByteArrayContent(new byte[bytes]), Cancel);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("GET", "/slack/iot-log?ssl_check=1", 200, "")]
    [InlineData("GET", "/slack/iot-log", 405, "Slack posts its commands here.")]
    [InlineData("PUT", "/slack/iot-log", 405, "Slack posts its commands here.")]
    [InlineData("POST", "/slack/interactivity", 200, "")]
    public async Task Requests_that_are_not_commands_are_answered_at_once(string method, string path, int status, string body)
    {
        await using WebApplication app = await StartAsync(Fleet.Options(_aws));

        using HttpResponseMessage answer = await _http.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(Address(app), path)), Cancel);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe(body);
    }

    [Fact]
    public async Task A_request_that_vanished_before_its_export_began_fails_with_a_reason_and_is_logged()
    {
        await using WebApplication app = await StartAsync(Fleet.Options(_aws));
        using (_aws.Faults.Add(new Fault { Operation = "GetObject", Status = 404, Code = "NoSuchKey" }))
        {
            using HttpResponseMessage answer = await PostAsync(app, Fleet.Form(_aws));
            while (!_log.ToString().Contains("Error 911", StringComparison.Ordinal))
            {
                Cancel.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        string id = _aws.S3.Keys(Fleet.Bucket).Single(k => k.StartsWith("slack/requests/", StringComparison.Ordinal))["slack/requests/".Length..^".json".Length];
        string status;
        do
        {
            using HttpResponseMessage asked = await PostAsync(app, Fleet.Form(_aws) with { Text = $"status {id}" });
            status = await asked.Content.ReadAsStringAsync(Cancel);
        }
        while (status.Contains("Is being generated", StringComparison.Ordinal));

        status.ShouldContain($"The request {id} is gone from the bucket");
        _log.ToString().ShouldContain($"Error 911 Request {id}: the export failed");
    }

    private WebApplicationBuilder Builder(SlackExportOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        builder.Services.AddIotOpsSlackExport(options);
        return builder;
    }

    private async Task<WebApplication> StartAsync(SlackExportOptions options)
    {
        WebApplication app = Builder(options).Build();
        app.MapSlackCommand();
        app.MapSlackInteractivity();
        await app.StartAsync(Cancel);
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Urls.First());

    private Task<HttpResponseMessage> PostAsync(WebApplication app, SlackForm form, string path = "/slack/iot-log")
    {
        byte[] body = form.ToBytes();
        SlackRequestHeaders signed = SlackForm.Sign(body, TimeProvider.System.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address(app), path)) { Content = new ByteArrayContent(body) };
        request.Headers.Add(SlackRequestHeaders.TimestampName, signed.Timestamp);
        request.Headers.Add(SlackRequestHeaders.SignatureName, signed.Signature);
        return _http.SendAsync(request, Cancel);
    }

    private async Task<string> ReadLinkedAsync()
    {
        ReceivedSlackPost? done = null;
        for (int count = 1; done is null; count++)
        {
            IReadOnlyList<ReceivedSlackPost> posts = await _aws.Slack.WaitForPostsAsync(count, Cancel);
            done = posts.FirstOrDefault(p => p.Text.Contains("complete", StringComparison.Ordinal));
        }

        using JsonDocument json = JsonDocument.Parse(done.Json);
        JsonElement actions = json.RootElement.GetProperty("blocks").EnumerateArray().First(b => b.GetProperty("type").GetString() == "actions");
        using var zip = new ZipArchive(new MemoryStream(await _http.GetByteArrayAsync(actions.GetProperty("elements")[0].GetProperty("url").GetString(), Cancel)));
        using var reader = new StreamReader(zip.GetEntry("command_20231001.log")!.Open(), Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }
}
