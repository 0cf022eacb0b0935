using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Upload;

public sealed class AddressingTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Theory]
    [InlineData("eu-west-1", "my-bucket", "https://my-bucket.s3.eu-west-1.amazonaws.com/a%20key")]
    [InlineData("cn-north-1", "my-bucket", "https://my-bucket.s3.cn-north-1.amazonaws.com.cn/a%20key")]
    [InlineData("us-gov-west-1", "my-bucket", "https://my-bucket.s3.us-gov-west-1.amazonaws.com/a%20key")]
    [InlineData("eusc-de-east-1", "my-bucket", "https://my-bucket.s3.eusc-de-east-1.amazonaws.eu/a%20key")]
    [InlineData("us-iso-east-1", "my-bucket", "https://my-bucket.s3.us-iso-east-1.c2s.ic.gov/a%20key")]
    [InlineData("us-isob-east-1", "my-bucket", "https://my-bucket.s3.us-isob-east-1.sc2s.sgov.gov/a%20key")]
    [InlineData("eu-west-1", "my.dotted.bucket", "https://s3.eu-west-1.amazonaws.com/my.dotted.bucket/a%20key")]
    public async Task AWS_is_called_by_the_buckets_host_name_where_its_certificate_covers_that(string region, string bucket, string url)
    {
        using var transport = new StubHttpHandler(_ => Stored());

        await PutAsync(transport, region, bucket);

        transport.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe(url);
        transport.Requests[0].Header("x-amz-content-sha256").ShouldBe("UNSIGNED-PAYLOAD");
    }

    [Fact]
    public async Task Without_TLS_the_body_is_signed()
    {
        using var transport = new StubHttpHandler(_ => Stored());

        await PutAsync(transport, "us-east-1", "my-bucket", new Uri("http://127.0.0.1:9/base"));

        transport.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe("http://127.0.0.1:9/base/my-bucket/a%20key");
        transport.Requests[0].Header("x-amz-content-sha256").ShouldBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("a..b")]
    [InlineData("-abc")]
    [InlineData("abc-")]
    [InlineData("a_b_c")]
    [InlineData("192.168.0.1")]
    [InlineData("evil/../bucket")]
    public async Task What_is_no_bucket_name_is_refused_before_anything_is_sent(string bucket)
    {
        using var transport = new StubHttpHandler(_ => Stored());

        (await Should.ThrowAsync<ArgumentException>(() => PutAsync(transport, "us-east-1", bucket))).Message.ShouldContain(bucket);

        transport.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_of_more_than_1024_bytes_is_refused()
    {
        using var uploader = new S3Uploader(new S3UploaderOptions { Credentials = new BasicAWSCredentials("A", "s") });

        (await Should.ThrowAsync<ArgumentException>(() => uploader.PutFileAsync("us-east-1", "bucket", new string('ü', 513), "f")))
            .Message.ShouldContain("1026 bytes");
    }

    [Fact]
    public async Task An_error_that_S3_sends_with_status_200_is_an_error_and_tried_again()
    {
        int completions = 0;
        using var transport = new StubHttpHandler(request => request.Message switch
        {
            { Method.Method: "POST", RequestUri.Query: "?uploads=" } => Xml("<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
            { Method.Method: "POST" } => Xml(++completions < 3
                ? "<Error><Code>InternalError</Code><Message>try again</Message></Error>"
                : "<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>"),
            _ => Stored(),
        });
        await File.WriteAllBytesAsync(_directory["f"], new byte[6 << 20]);
        using var uploader = new S3Uploader(Options(transport, endpoint: null) with { MultipartAbove = 0, PartBytes = 5 << 20 });

        S3UploaderResult result = await uploader.PutFileAsync("us-east-1", "my-bucket", "k", _directory["f"]);

        (result.ETag, completions).ShouldBe(("\"e-2\"", 3));
    }

    [Theory]
    [InlineData("\"abc-2\"", true)]
    [InlineData("\"abc\"", false)]
    public async Task An_upload_that_is_gone_after_a_lost_completion_is_looked_for(string etagFound, bool ours)
    {
        int completions = 0;
        using var transport = new StubHttpHandler(request => request.Message switch
        {
            { Method.Method: "POST", RequestUri.Query: "?uploads=" } => Xml("<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
            { Method.Method: "POST" } when ++completions == 1 => throw new HttpRequestException("connection lost"),
            { Method.Method: "POST" } => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("<Error><Code>NoSuchUpload</Code></Error>") },
            { Method.Method: "HEAD" } => Stored(etagFound, length: 6 << 20),
            _ => Stored(),
        });
        await File.WriteAllBytesAsync(_directory["f"], new byte[6 << 20]);
        using var uploader = new S3Uploader(Options(transport, endpoint: null) with { MultipartAbove = 0, PartBytes = 5 << 20 });

        Task<S3UploaderResult> upload = uploader.PutFileAsync("us-east-1", "my-bucket", "k", _directory["f"]);

        if (ours)
        {
            (await upload).ETag.ShouldBe(etagFound);
        }
        else
        {
            (await Should.ThrowAsync<AwsException>(() => upload)).Code.ShouldBe("NoSuchUpload");
        }
    }

    public void Dispose() => _directory.Dispose();

    private static HttpResponseMessage Stored(string etag = "\"e\"", int length = 0)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentLength = length;
        response.Headers.TryAddWithoutValidation("ETag", etag);
        return response;
    }

    private static HttpResponseMessage Xml(string body) => new(HttpStatusCode.OK)
    {
        Content = new StringContent("""<?xml version="1.0" encoding="UTF-8"?>""" + body, Encoding.UTF8, "application/xml"),
    };

    private static S3UploaderOptions Options(HttpMessageHandler transport, Uri? endpoint) => new()
    {
        Credentials = new BasicAWSCredentials("AKIDEXAMPLE", "secret"),
        Transport = transport,
        Endpoint = endpoint,
        Retry = new AwsRetryOptions { BaseDelay = TimeSpan.Zero },
    };

    private async Task PutAsync(HttpMessageHandler transport, string region, string bucket, Uri? endpoint = null)
    {
        await File.WriteAllTextAsync(_directory["f"], "hello");
        using var uploader = new S3Uploader(Options(transport, endpoint));
        await uploader.PutFileAsync(region, bucket, "a key", _directory["f"]);
    }
}
