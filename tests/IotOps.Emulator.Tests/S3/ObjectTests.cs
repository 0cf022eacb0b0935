using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

public sealed class ObjectTests : S3TestBase
{
    [Fact]
    public async Task What_the_SDK_puts_with_chunks_and_trailer_it_gets_back()
    {
        byte[] content = Bytes(300_000);
        PutObjectResponse put = await S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = "bucket",
            Key = "a/\u00e4 b+c",
            InputStream = new MemoryStream(content),
            ContentType = "text/plain",
            Metadata = { ["thing"] = "THING00001" },
        });

        using GetObjectResponse got = await S3.GetObjectAsync("bucket", "a/\u00e4 b+c");
        using var read = new MemoryStream();
        await got.ResponseStream.CopyToAsync(read);

        read.ToArray().ShouldBe(content);
        got.ETag.ShouldBe(put.ETag);
        (got.Headers.ContentType, got.Metadata["thing"]).ShouldBe(("text/plain", "THING00001"));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_no_such_key_and_a_bucket_no_such_bucket()
    {
        (await Bare.GetAsync("bucket/none")).Code.ShouldBe("NoSuchKey");
        (await Bare.GetAsync("none-at-all/k")).Code.ShouldBe("NoSuchBucket");
        (await Bare.SendAsync(HttpMethod.Head, "bucket/none", [], [])).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("bytes=0-0", "0")]
    [InlineData("bytes=2-4", "234")]
    [InlineData("bytes=7-", "789")]
    [InlineData("bytes=-2", "89")]
    [InlineData("bytes=8-100", "89")]
    [InlineData("bytes=-100", "0123456789")]
    public async Task A_range_is_what_it_says(string range, string expected)
    {
        await Bare.PutAsync("bucket/k", "0123456789"u8.ToArray());

        S3Reply reply = await Bare.GetAsync("bucket/k", ("Range", range));

        (reply.Status, Encoding.ASCII.GetString(reply.Body)).ShouldBe((206, expected));
    }

    [Fact]
    public async Task A_range_behind_the_end_is_invalid()
    {
        await Bare.PutAsync("bucket/k", "0123456789"u8.ToArray());

        S3Reply reply = await Bare.GetAsync("bucket/k", ("Range", "bytes=10-"));

        (reply.Status, reply.Code, (string?)reply.Xml!.Element("ActualObjectSize")).ShouldBe((416, "InvalidRange", "10"));
    }

    [Fact]
    public async Task Conditions_on_reading_hold_or_fail()
    {
        string etag = (await Bare.PutAsync("bucket/k", [1])).ETag!;

        (await Bare.GetAsync("bucket/k", ("If-Match", etag))).Status.ShouldBe(200);
        (await Bare.GetAsync("bucket/k", ("If-Match", "\"other\""))).Code.ShouldBe("PreconditionFailed");
        (await Bare.GetAsync("bucket/k", ("If-None-Match", etag))).Status.ShouldBe(304);
        (await Bare.GetAsync("bucket/k", ("If-None-Match", "\"other\""))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_put_can_insist_on_being_the_first_or_on_what_it_replaces()
    {
        S3Reply first = await Bare.PutAsync("bucket/k", [1], ("If-None-Match", "*"));
        S3Reply second = await Bare.PutAsync("bucket/k", [2], ("If-None-Match", "*"));
        S3Reply stale = await Bare.PutAsync("bucket/k", [3], ("If-Match", "\"other\""));
        S3Reply missing = await Bare.PutAsync("bucket/none", [3], ("If-Match", first.ETag!));
        S3Reply good = await Bare.PutAsync("bucket/k", [4], ("If-Match", first.ETag!));

        (first.Status, second.Code, stale.Code, missing.Code, good.Status).ShouldBe((200, "PreconditionFailed", "PreconditionFailed", "NoSuchKey", 200));
        (await StoredAsync("k")).ShouldBe([4]);
    }

    [Fact]
    public async Task Content_MD5_must_be_that_of_the_body()
    {
        (await Bare.PutAsync("bucket/k", "hello"u8.ToArray(), ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="))).Status.ShouldBe(200);
        (await Bare.PutAsync("bucket/k", "hallo"u8.ToArray(), ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="))).Code.ShouldBe("BadDigest");
        (await Bare.PutAsync("bucket/k", "hallo"u8.ToArray(), ("Content-MD5", "short"))).Code.ShouldBe("InvalidDigest");
    }

    [Fact]
    public async Task A_checksum_header_must_be_that_of_the_body()
    {
        (await Bare.PutAsync("bucket/k", "123456789"u8.ToArray(), ("x-amz-checksum-crc32", "y/Q5Jg=="))).Status.ShouldBe(200);
        (await Bare.PutAsync("bucket/k", "12345678"u8.ToArray(), ("x-amz-checksum-crc32", "y/Q5Jg=="))).Code.ShouldBe("BadDigest");
    }

    [Theory]
    [InlineData("\u00e4 \U0001F680", "=?UTF-8?B?w6Qg8J+agA==?=")]
    [InlineData("plain", "plain")]
    public async Task Metadata_beyond_ASCII_is_coded_in_the_answer(string value, string answered)
    {
        (await Bare.PutAsync($"bucket/k?x-amz-meta-a={Uri.EscapeDataString(value)}", [1])).Status.ShouldBe(501, "only presigned URLs hold headers");
        (await Bare.SendPresignedAsync(HttpMethod.Put, $"bucket/k?x-amz-meta-a={Uri.EscapeDataString(value)}", [1])).Status.ShouldBe(200);

        (await Bare.GetAsync("bucket/k")).Header("x-amz-meta-a").ShouldBe(answered);
        (await Bare.SendAsync(HttpMethod.Head, "bucket/k", [], [])).Header("x-amz-meta-a").ShouldBe(answered);
    }

    [Theory]
    [InlineData("attachment; filename=\"\u00e4.zip\"", 200)]
    [InlineData("attachment; filename=\"\U0001F680\"", 400)]
    [InlineData("a\nb", 400)]
    public async Task A_header_that_a_link_asks_for_can_be_written_or_is_an_invalid_argument(string value, int status)
    {
        await Bare.PutAsync("bucket/k", [1]);

        S3Reply reply = await Bare.GetAsync($"bucket/k?response-content-disposition={Uri.EscapeDataString(value)}");

        (reply.Status, reply.Text("ArgumentName")).ShouldBe((status, status == 200 ? null : "response-content-disposition"));
    }

    [Fact]
    public async Task The_ETag_of_an_object_that_came_whole_is_its_MD5() =>
        (await Bare.PutAsync("bucket/k", "hello"u8.ToArray())).ETag.ShouldBe("\"5d41402abc4b2a76b9719d911017c592\"");

    [Fact]
    public async Task A_copy_keeps_content_and_metadata_unless_they_are_replaced()
    {
        await Bare.PutAsync("bucket/k", [1, 2], ("x-amz-meta-a", "1"));

        await S3.CopyObjectAsync("bucket", "k", "bucket", "copy");
        await S3.CopyObjectAsync(new CopyObjectRequest
        {
            SourceBucket = "bucket",
            SourceKey = "k",
            DestinationBucket = "bucket",
            DestinationKey = "replaced",
            MetadataDirective = S3MetadataDirective.REPLACE,
            Metadata = { ["b"] = "2" },
        });

        (await Emulator.S3.FindAsync("bucket", "copy"))!.Headers["x-amz-meta-a"].ShouldBe("1");
        (await Emulator.S3.FindAsync("bucket", "replaced"))!.Headers.Keys.ShouldBe(["content-type", "x-amz-meta-b"], ignoreOrder: true);
        (await StoredAsync("copy")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Deleting_is_quiet_about_what_is_not_there()
    {
        await Bare.PutAsync("bucket/a", [1]);
        await Bare.PutAsync("bucket/b", [1]);

        DeleteObjectsResponse answer = await S3.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = "bucket",
            Objects = [new KeyVersion { Key = "a" }, new KeyVersion { Key = "none" }],
        });
        (await S3.DeleteObjectAsync("bucket", "b")).HttpStatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await S3.DeleteObjectAsync("bucket", "none")).HttpStatusCode.ShouldBe(HttpStatusCode.NoContent);

        answer.DeletedObjects.Select(d => d.Key).ShouldBe(["a", "none"]);
        Emulator.S3.Keys("bucket").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bucket_in_the_host_name_is_the_same_bucket()
    {
        await Bare.PutAsync("bucket/k", [1, 2]);
        using var handler = new SocketsHttpHandler
        {
            // Not every resolver knows that names under localhost are this machine.
            ConnectCallback = async (_, token) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Emulator.Endpoint.Port, token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://bucket.localhost:{Emulator.Endpoint.Port}/k");
        Bare.Signer.Sign(request, [], TimeProvider.System.GetUtcNow());

        using HttpResponseMessage response = await http.SendAsync(request);

        (await response.Content.ReadAsByteArrayAsync()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task What_is_not_emulated_is_refused_and_not_taken_for_something_else()
    {
        S3Reply reply = await Bare.PutAsync("bucket/k?acl", [1]);

        (reply.Status, reply.Code).ShouldBe((501, "NotImplemented"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task A_truncated_body_is_shorter_than_announced()
    {
        await Bare.PutAsync("bucket/k", Bytes(100_000));
        using FaultHandle fault = Emulator.Faults.Add(new Fault { Operation = "GetObject", Times = 1, TruncateBodyAt = 50_000 });

        await Should.ThrowAsync<HttpRequestException>(() => Bare.GetAsync("bucket/k"));
        (await Bare.GetAsync("bucket/k")).Body.Length.ShouldBe(100_000);
        fault.Hits.ShouldBe(1);
    }

    [Fact]
    public async Task A_put_dropped_after_accepting_is_there()
    {
        Emulator.Faults.Add(new Fault { Operation = "PutObject", When = r => r.Key == "k", DropAfterAccepting = true });

        await Should.ThrowAsync<HttpRequestException>(() => Bare.PutAsync("bucket/k", [7]));
        (await StoredAsync("k")).ShouldBe([7]);
    }
}
