using System.IO.Compression;
using System.Net;
using System.Xml.Linq;
using Amazon.Runtime;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.SlackExport.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Tests.Downloads;

/// <summary>Keys whose links Slack does not take, or that end before their links: known before the work, from the job to the browser.</summary>
public sealed class LinkLimitTests : IAsyncLifetime
{
    private static readonly LogExportRequest Day = new() { Identifier = "THING00001", Categories = ["command"], Date = new DateOnly(2023, 10, 1) };

    private AwsEmulator _aws = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await Fleet.StartAsync(Cancel);

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_of_the_programs_own_takes_the_place_and_a_browser_follows_it(bool isLong)
    {
        SlackExportOptions options = With(isLong ? await LongAsync() : Ending(TimeSpan.FromMinutes(10)));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddIotOpsSlackExport(options);
        await using WebApplication app = builder.Build();
        app.MapSlackDownloads();
        await app.StartAsync(Cancel);

        await RunAsync(options with { PublicUrl = new Uri(app.Urls.First() + "/") });

        string done = _aws.Slack.Posts[^1].Json;
        done.ShouldNotContain("X-Amz-");
        done.ShouldContain("The download link is valid for up to 60 minutes.");
        _aws.Slack.Posts[0].Json.ShouldNotContain("because the keys");
        var link = new Uri(done.Split('"').Single(word => word.Contains("/slack/download/", StringComparison.Ordinal)));
        using var http = new HttpClient();
        (await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, link), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await using var zip = new ZipArchive(await http.GetStreamAsync(link, Cancel));
        using var reader = new StreamReader(await zip.GetEntry("command_20231001.log")!.OpenAsync(Cancel));
        (await reader.ReadToEndAsync(Cancel)).ShouldBe(Fleet.Day);
    }

    [Fact]
    public async Task A_link_that_Slack_would_not_take_is_refused_before_the_work_where_there_is_no_address()
    {
        // Nothing of the day is even listed.
        using FaultHandle listing = _aws.Faults.Add(new Fault { Operation = "ListObjectsV2", Status = 403, Code = "AccessDenied" });

        SlackExportOptions options = With(await LongAsync());

        InvalidOperationException refused = await Should.ThrowAsync<InvalidOperationException>(() => RunAsync(options));

        refused.Message.ShouldMatch("^Nothing was exported: its link would have about 3[0-9]{3} characters, and Slack takes 3000\\. ");
        string told = _aws.Slack.Posts.ShouldHaveSingleItem().Json;
        told.ShouldContain("Nothing was exported: its link would have about");
        told.ShouldContain("sets PublicUrl (slack.publicUrl)");
        told.ShouldNotContain("Parameter");
        _aws.S3.Keys(Fleet.Bucket).ShouldNotContain(key => key.EndsWith(".zip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_will_end_early_is_told_of_with_the_first_message_where_there_is_no_address()
    {
        LogExportResult result = await RunAsync(With(Ending(TimeSpan.FromMinutes(10))));

        _aws.Slack.Posts[0].Json.ShouldContain("Output Progress: 10%");
        _aws.Slack.Posts[0].Json.ShouldContain("Its link may be valid for 10 minutes only, because the keys that sign it end then.");
        _aws.Slack.Posts[^1].Json.ShouldContain("The download link is valid for up to 10 minutes.");
        result.Url.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_link_that_fits_and_lives_long_enough_is_not_spoken_of()
    {
        await RunAsync(Fleet.Options(_aws));

        _aws.Slack.Posts[0].Json.ShouldNotContain("because the keys");
    }

    [Fact]
    public async Task A_foreseen_link_is_as_long_as_the_one_that_comes_and_exports_nothing()
    {
        using var job = new SlackExportJob(With(await LongAsync()));

        PresignedLink foreseen = await job.Exporter.ForeseeLinkAsync(Day);
        _aws.S3.Keys(Fleet.Bucket).ShouldNotContain(key => key.EndsWith(".zip", StringComparison.Ordinal));
        LogExportResult result = await job.Exporter.ExportAsync(Day, cancellationToken: Cancel);

        foreseen.Url.AbsoluteUri.Length.ShouldBe(result.Url!.AbsoluteUri.Length);
        (result.ExpiresAt!.Value - foreseen.ExpiresAt).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(5));
        await Should.ThrowAsync<ArgumentException>(() => job.Exporter.ForeseeLinkAsync(Day with { Identifier = "../x" }));
    }

    private async Task<LogExportResult> RunAsync(SlackExportOptions options)
    {
        string id = await Fleet.AskAsync(_aws, Cancel);
        using var job = new SlackExportJob(options);
        return await job.RunAsync(Day with { Id = id }, cancellationToken: Cancel);
    }

    private SlackExportOptions With(AWSCredentials keys)
    {
        SlackExportOptions options = Fleet.Options(_aws);
        return options with { Environments = [options.Environments[0] with { Credentials = keys }] };
    }

    // STS says to assume no largest size of a session token.
    private async Task<AWSCredentials> LongAsync()
    {
        const string Role = "arn:aws:iam::123456789012:role/exports";
        _aws.Sts.SetRole(new EmulatedRole { Arn = Role, SessionTokenChars = 2_804 });
        var keys = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey);
        using var transport = new SocketsHttpHandler();
        using var sts = new HttpClient(new SigV4Handler(keys, "us-east-1", "sts") { InnerHandler = transport });
        using var ask = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "AssumeRole",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = Role,
            ["RoleSessionName"] = "export",
        });
        HttpResponseMessage answer = await sts.PostAsync(_aws.Endpoint, ask, Cancel);
        var xml = XDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        string Told(string name) => xml.Descendants().Single(element => element.Name.LocalName == name).Value;
        var session = new SessionAWSCredentials(Told("AccessKeyId"), Told("SecretAccessKey"), Told("SessionToken"));
        session.GetCredentials().Token.Length.ShouldBe(2_804);
        return session;
    }

    private EndingCredentials Ending(TimeSpan left) => new(_aws.AccessKeyId, _aws.SecretAccessKey, left);

    /// <summary>Keys of a role's session that ends.</summary>
    private sealed class EndingCredentials : AWSCredentials
    {
        private readonly ImmutableCredentials _keys;

        public EndingCredentials(string id, string secret, TimeSpan left)
        {
            _keys = new ImmutableCredentials(id, secret, null);
            Expiration = TimeProvider.System.GetUtcNow().UtcDateTime + left;
        }

        public override ImmutableCredentials GetCredentials() => _keys;
    }
}
