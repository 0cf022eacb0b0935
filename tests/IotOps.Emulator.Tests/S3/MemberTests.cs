using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.Tests.S3;

/// <summary>
/// Every header and query parameter that S3's service model gives an operation is honoured, or refused by its name: none is taken and
/// forgotten. The table is made from the model that AWS publishes for its SDKs.
/// </summary>
public sealed class MemberTests : S3TestBase
{
    private static readonly Member[] Members =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "S3", "Vectors", "members.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Select(Member.Of),
    ];

    public static TheoryData<string> Operations => [.. Members.Select(m => m.Operation).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_member_that_is_not_emulated_is_refused_by_its_name_and_nothing_happens(string operation)
    {
        foreach (Member member in Members.Where(m => m.Operation == operation && m.IsRefused))
        {
            S3Reply reply = await SendAsync(operation, member.Query, member.Headers);

            reply.Status.ShouldBe(501, member.ToString());
            if (operation is not ("HeadObject" or "HeadBucket"))
            {
                reply.Code.ShouldBe("NotImplemented", member.ToString());
                reply.Message.ShouldNotBeNull().ShouldContain(member.Name, Case.Insensitive);
            }

            Emulator.S3.Buckets.ShouldBe(["bucket"]);
            Emulator.S3.Keys("bucket").ShouldBe(["k", "uploaded"]);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_member_that_is_emulated_is_not_refused_as_unknown(string operation)
    {
        foreach (Member member in Members.Where(m => m.Operation == operation && !m.IsRefused))
        {
            (await SendAsync(operation, member.Query, member.Headers)).Status.ShouldNotBe(501, member.ToString());
        }
    }

    [Fact]
    public async Task Any_other_header_or_parameter_is_refused_by_its_name()
    {
        string[] operations = [.. Members.Select(m => m.Operation).Distinct(StringComparer.Ordinal)];
        var random = new Random(20_231_001);
        string[] sample = [.. Enumerable.Range(0, 60).Select(_ => new string(random.GetItems("abcdefghijklmnopqrstuvwxyz-".AsSpan(), 12)))];
        for (int i = 0; i < sample.Length; i++)
        {
            string operation = operations[i % operations.Length];
            S3Reply header = await SendAsync(operation, "", [("x-amz-q" + sample[i], "v")]);
            S3Reply query = await SendAsync(operation, $"&q{sample[i]}=v", []);

            (header.Status, query.Status).ShouldBe((501, 501), $"{operation} {sample[i]}");
            if (!operation.StartsWith("Head", StringComparison.Ordinal))
            {
                header.Message.ShouldNotBeNull().ShouldContain("x-amz-q" + sample[i]);
                query.Message.ShouldNotBeNull().ShouldContain("q" + sample[i]);
            }
        }
    }

    [Theory]
    [InlineData("?session")]
    [InlineData("?metadataConfiguration")]
    [InlineData("?list-type=3")]
    public async Task A_subresource_that_is_not_there_is_not_taken_for_a_listing(string query) =>
        (await Bare.GetAsync("bucket" + query)).Code.ShouldBe("NotImplemented");

    [Theory]
    [InlineData("?uploads")]
    [InlineData("?partNumber=1")]
    [InlineData("?retention")]
    [InlineData("?acl")]
    public async Task A_PUT_to_a_subresource_does_not_overwrite_the_object(string query)
    {
        await Bare.PutAsync("bucket/kept", [1]);

        (await Bare.PutAsync("bucket/kept" + query, [2])).Code.ShouldBe("NotImplemented");

        (await StoredAsync("kept")).ShouldBe([1]);
    }

    [Fact]
    public async Task Parameters_of_the_clients_own_that_begin_with_x_are_let_through() =>
        (await Bare.GetAsync("bucket?list-type=2&x-id=ListObjectsV2&x-trace=7")).Status.ShouldBe(200);

    [Theory]
    [InlineData("PUT", "bucket?policy", "PutBucketPolicy")]
    [InlineData("GET", "bucket?policy", "GetBucketPolicy")]
    [InlineData("DELETE", "bucket?cors", "DeleteBucketCors")]
    [InlineData("GET", "bucket?publicAccessBlock", "GetPublicAccessBlock")]
    [InlineData("PUT", "bucket?encryption", "PutBucketEncryption")]
    [InlineData("GET", "bucket?session", "GET on a bucket with ?session")]
    [InlineData("GET", "bucket/kept?torrent", "GetObjectTorrent")]
    [InlineData("PUT", "bucket/kept?acl", "PutObjectAcl")]
    [InlineData("POST", "bucket/kept?restore", "POST on an object with ?restore")]
    [InlineData("POST", "bucket", "POST on a bucket")]
    public async Task An_operation_that_is_not_emulated_is_refused_by_its_name(string method, string path, string name)
    {
        await Bare.PutAsync("bucket/kept", [1]);

        S3Reply reply = await Bare.SendAsync(new HttpMethod(method), path, [], []);

        (reply.Status, reply.Code).ShouldBe((501, "NotImplemented"));
        reply.Message.ShouldNotBeNull().ShouldContain(name);
        Emulator.S3.Keys("bucket").ShouldBe(["kept"]);
    }

    [Theory]
    [InlineData("LastModifiedTime")]
    [InlineData("Size")]
    public async Task A_member_of_a_body_that_is_not_emulated_is_refused_by_its_name(string member)
    {
        await Bare.PutAsync("bucket/k", [1]);

        S3Reply reply = await DeleteManyAsync($"<Delete><Object><Key>k</Key><{member}>1</{member}></Object></Delete>");

        (reply.Status, reply.Code).ShouldBe((501, "NotImplemented"));
        reply.Message.ShouldNotBeNull().ShouldContain(member);
        (await StoredAsync("k")).ShouldBe([1]);
    }

    [Theory]
    [InlineData("Location")]
    [InlineData("Bucket")]
    [InlineData("Tags")]
    public async Task A_bucket_configuration_that_is_not_emulated_is_refused_by_its_name(string member)
    {
        S3Reply reply = await Bare.PutAsync(
            "new-bucket", System.Text.Encoding.UTF8.GetBytes($"<CreateBucketConfiguration><{member}/></CreateBucketConfiguration>"));

        (reply.Status, reply.Code).ShouldBe((501, "NotImplemented"));
        reply.Message.ShouldNotBeNull().ShouldContain(member);
        Emulator.S3.Buckets.ShouldBe(["bucket"]);
    }

    private static byte[] Versioning => "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"u8.ToArray();

    private Task<S3Reply> DeleteManyAsync(string xml) => Bare.DeleteManyAsync("bucket", xml);

    private async Task<S3Reply> SendAsync(string operation, string query, (string, string)[] headers)
    {
        await Bare.PutAsync("bucket/k", [1, 2, 3]);
        await Bare.PutAsync("bucket/uploaded", [1]);
        string id = operation is "UploadPart" or "UploadPartCopy" or "CompleteMultipartUpload" or "AbortMultipartUpload" or "ListParts"
            ? (await Bare.SendAsync(HttpMethod.Post, "bucket/uploaded?uploads", [], [])).Text("UploadId")!
            : "";
        string rest = query.TrimStart('&');
        string first = rest.Length > 0 ? "?" + rest : "";
        (string, string)[] copy = [("x-amz-copy-source", "bucket/k"), .. headers];
        return operation switch
        {
            "ListBuckets" => await Bare.GetAsync(first, headers),
            "ListObjects" => await Bare.GetAsync("bucket" + first, headers),
            "ListObjectsV2" => await Bare.GetAsync("bucket?list-type=2" + query, headers),
            "ListMultipartUploads" => await Bare.GetAsync("bucket?uploads" + query, headers),
            "GetBucketLocation" => await Bare.GetAsync("bucket?location" + query, headers),
            "GetBucketAcl" => await Bare.GetAsync("bucket?acl" + query, headers),
            "GetBucketVersioning" => await Bare.GetAsync("bucket?versioning" + query, headers),
            "PutBucketVersioning" => await Bare.PutAsync("bucket?versioning" + query, Versioning, headers),
            "GetBucketLifecycleConfiguration" => await Bare.GetAsync("bucket?lifecycle" + query, headers),
            "PutBucketLifecycleConfiguration" => await Bare.PutAsync("bucket?lifecycle" + query, LifecycleTests.Abort, [("Content-MD5", S3Client.Md5(LifecycleTests.Abort)), .. headers]),
            "DeleteBucketLifecycle" => await Bare.SendAsync(HttpMethod.Delete, "bucket?lifecycle" + query, [], headers),
            "ListObjectVersions" => await Bare.GetAsync("bucket?versions" + query, headers),
            "GetObjectAttributes" => await Bare.GetAsync("bucket/k?attributes" + query, [("x-amz-object-attributes", "ETag"), .. headers]),
            "GetObjectTagging" => await Bare.GetAsync("bucket/k?tagging" + query, headers),
            "PutObjectTagging" => await Bare.PutAsync("bucket/k?tagging" + query, "<Tagging><TagSet/></Tagging>"u8.ToArray(), headers),
            "DeleteObjectTagging" => await Bare.SendAsync(HttpMethod.Delete, "bucket/k?tagging" + query, [], headers),
            "HeadBucket" => await Bare.SendAsync(HttpMethod.Head, "bucket" + first, [], headers),
            "CreateBucket" => await Bare.PutAsync("bucket" + first, [], headers),
            "DeleteBucket" => await Bare.SendAsync(HttpMethod.Delete, "bucket" + first, [], headers),
            "DeleteObjects" => await Bare.DeleteManyAsync("bucket", "<Delete><Object><Key>none</Key></Object></Delete>", query, headers),
            "GetObject" => await Bare.GetAsync("bucket/k" + first, headers),
            "GetObjectAcl" => await Bare.GetAsync("bucket/k?acl" + query, headers),
            "HeadObject" => await Bare.SendAsync(HttpMethod.Head, "bucket/k" + first, [], headers),
            "PutObject" => await Bare.PutAsync("bucket/k" + first, [1, 2, 3], headers),
            "CopyObject" => await Bare.PutAsync("bucket/uploaded" + first, [], copy),
            "DeleteObject" => await Bare.SendAsync(HttpMethod.Delete, "bucket/k" + first, [], headers),
            "CreateMultipartUpload" => await Bare.SendAsync(HttpMethod.Post, "bucket/uploaded?uploads" + query, [], headers),
            "UploadPart" => await Bare.PutAsync($"bucket/uploaded?partNumber=1&uploadId={id}" + query, [1], headers),
            "UploadPartCopy" => await Bare.PutAsync($"bucket/uploaded?partNumber=1&uploadId={id}" + query, [], copy),
            "CompleteMultipartUpload" => await Bare.SendAsync(HttpMethod.Post, $"bucket/uploaded?uploadId={id}" + query, "<CompleteMultipartUpload/>"u8.ToArray(), headers),
            "AbortMultipartUpload" => await Bare.SendAsync(HttpMethod.Delete, $"bucket/uploaded?uploadId={id}" + query, [], headers),
            "ListParts" => await Bare.GetAsync($"bucket/uploaded?uploadId={id}" + query, headers),
            _ => throw new InvalidOperationException(operation),
        };
    }

    private sealed record Member(string Operation, string Place, string Name, string Value, bool IsRefused)
    {
        public string Query => Place == "query" ? $"&{Name}={Uri.EscapeDataString(Value)}" : "";

        public (string, string)[] Headers => Place == "header" ? [(Name, Value)] : [];

        public static Member Of(JsonElement line) => new(
            line.GetProperty("operation").GetString()!,
            line.GetProperty("in").GetString()!,
            line.GetProperty("name").GetString()!,
            line.GetProperty("value").GetString()!,
            line.GetProperty("refused").GetBoolean());

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Operation} {Place} {Name}={Value}");
    }
}
