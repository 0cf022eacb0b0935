using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

public sealed class PresignedUrlTests : S3TestBase
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task A_plain_GET_of_a_presigned_URL_reads_the_object()
    {
        await Bare.PutAsync("bucket/a%20b.txt", "hello"u8.ToArray());

        string url = await S3.GetPreSignedURLAsync(Request("a b.txt", HttpVerb.GET, TimeSpan.FromMinutes(5)));

        (await Http.GetStringAsync(url)).ShouldBe("hello");
    }

    [Fact]
    public async Task A_plain_PUT_of_a_presigned_URL_writes_the_object()
    {
        string url = await S3.GetPreSignedURLAsync(Request("k", HttpVerb.PUT, TimeSpan.FromMinutes(5)));

        using HttpResponseMessage response = await Http.PutAsync(url, new StringContent("hello"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        Encoding.UTF8.GetString((await StoredAsync("k"))!).ShouldBe("hello");
    }

    [Fact]
    public async Task A_URL_presigned_for_one_key_opens_no_other()
    {
        await Bare.PutAsync("bucket/other", [1]);
        string url = await S3.GetPreSignedURLAsync(Request("k", HttpVerb.GET, TimeSpan.FromMinutes(5)));

        using HttpResponseMessage response = await Http.GetAsync(url.Replace("/k?", "/other?", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).ShouldContain("<Code>SignatureDoesNotMatch</Code>");
    }

    [Fact]
    public async Task A_longer_life_cannot_be_written_into_a_URL()
    {
        string url = await S3.GetPreSignedURLAsync(Request("k", HttpVerb.GET, TimeSpan.FromSeconds(60)));

        using HttpResponseMessage response = await Http.GetAsync(url.Replace("X-Amz-Expires=60", "X-Amz-Expires=600", StringComparison.Ordinal));

        (await response.Content.ReadAsStringAsync()).ShouldContain("<Code>SignatureDoesNotMatch</Code>");
    }

    private static GetPreSignedUrlRequest Request(string key, HttpVerb verb, TimeSpan lifetime) => new()
    {
        BucketName = "bucket",
        Key = key,
        Verb = verb,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime + lifetime,
        Protocol = Protocol.HTTP,
    };
}
