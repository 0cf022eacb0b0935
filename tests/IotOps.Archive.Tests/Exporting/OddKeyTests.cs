using System.Text;
using Amazon.S3;
using IotOps.Archive.Fetching;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>Keys that XML, URIs or the SDK would change, and answers that it cannot read.</summary>
public sealed class OddKeyTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_key_is_listed_and_read_as_it_is(bool hasReader)
    {
        string[] names = ["ctl\u0001x", "\ufffe", "a b+c", "100%", "%41", "a&b<c>", "tab\tx", "é 😀", "//", "/lead", "x?y#z", "new\nline"];
        foreach (string name in names)
        {
            await PutAsync("commands/THING00001/2023/10/01/" + name, name.Replace('\n', '_') + "\n");
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { Reader = hasReader ? o.Reader : null });

        (await LogBucket.ReadAsync(result))["command_20231001.log"].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(names.Select(name => name.Replace('\n', '_')), ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_begins_with_a_slash_is_read(bool hasReader)
    {
        await PutAsync("/logs/THING00001/2023/10/01/a", "with a slash\n");
        await PutAsync("logs/THING00001/2023/10/01/a", "without\n");
        var layout = new LogLayout(new LogCategory { Name = "slash", Prefix = "/logs/{identifier}/{yyyy}/{MM}/{dd}/" });

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("slash"), o => o with { Layout = layout, Reader = hasReader ? o.Reader : null });

        (await LogBucket.ReadAsync(result))["slash_20231001.log"].ShouldBe("with a slash\n");
    }

    [Theory]
    [InlineData("<ListBucketResult><Contents><Key>a\u0001b</Key></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Conte")]
    [InlineData("no xml at all")]
    [InlineData("")]
    public async Task An_answer_that_the_sdk_cannot_read_is_an_AwsException(string answer)
    {
        using var s3 = new AmazonS3Client(_logs.Credentials, new AmazonS3Config
        {
            ServiceURL = "http://127.0.0.1:1",
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            HttpClientFactory = new Answering(answer),
        });

        try
        {
            LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { S3 = s3 });

            result.IsEmpty.ShouldBeTrue("an empty answer lists nothing");
        }
        catch (AwsException e)
        {
            e.Message.ShouldContain("ListObjectsV2");
        }
    }

    // The path is exactly the key: whether the SDK writes one as it is, is a question of its own.
    private async Task PutAsync(string key, string content)
    {
        using var transport = new SocketsHttpHandler();
        using var http = new HttpMessageInvoker(new SigV4Handler(_logs.Credentials, "us-east-1", "s3") { InnerHandler = transport });
        using var request = new HttpRequestMessage(HttpMethod.Put, ObjectUri.Of(_logs.Emulator.Endpoint, LogBucket.Name, key, isAws: false)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
    }

    private sealed class Answering(string answer) : Amazon.Runtime.HttpClientFactory
    {
        public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) =>
            new(new StubHttpHandler(_ => new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/xml") }));
    }
}
