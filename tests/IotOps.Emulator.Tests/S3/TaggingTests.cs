using System.Text;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

/// <summary>Tags of objects: given with them or afterwards, counted, copied. What is refused, and how, was seen on S3.</summary>
public sealed class TaggingTests : S3TestBase
{
    [Fact]
    public async Task Tags_are_put_shown_counted_and_taken_away()
    {
        await Bare.PutAsync("bucket/k", [1]);
        (await TagsAsync("k")).ShouldBe([]);

        await S3.PutObjectTaggingAsync(new PutObjectTaggingRequest { BucketName = "bucket", Key = "k", Tagging = new Tagging { TagSet = [new() { Key = "tag1", Value = "v1" }, new() { Key = "tag2", Value = "" }] } });
        (await TagsAsync("k")).ShouldBe(["tag1=v1", "tag2="]);
        await PutAsync("k", Tag("tag3", "v3"));

        (await TagsAsync("k")).ShouldBe(["tag3=v3"]);
        (await Bare.GetAsync("bucket/k")).Header("x-amz-tagging-count").ShouldBe("1");
        (await Bare.SendAsync(HttpMethod.Head, "bucket/k", [], [])).Header("x-amz-tagging-count").ShouldBe("1");
        (await Emulator.S3.FindAsync("bucket", "k"))!.Tags.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["tag3"] = "v3" });
        (await Bare.SendAsync(HttpMethod.Delete, "bucket/k?tagging", [], [])).Status.ShouldBe(204);
        (await TagsAsync("k")).ShouldBe([]);
        (await Bare.GetAsync("bucket/k")).Header("x-amz-tagging-count").ShouldBeNull();
    }

    [Theory]
    [InlineData("tag1=tag1&tag2=tag2&tag=", "tag1=tag1", "tag2=tag2", "tag=")]
    [InlineData("wrongquery&wrongagain", "wrongquery=", "wrongagain=")]
    [InlineData("key1&&&key2", "key1=", "key2=")]
    [InlineData("a%20b=c%2Bd&e=f+g", "a b=c+d", "e=f g")]
    public async Task An_object_may_bring_its_tags(string header, params string[] tags)
    {
        (await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging", header))).Status.ShouldBe(200);

        (await TagsAsync("k")).ShouldBe(tags);
    }

    [Fact]
    public async Task A_new_object_has_no_tags_of_the_one_before()
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging", "a=b"));
        await Bare.PutAsync("bucket/k", [2]);

        (await TagsAsync("k")).ShouldBe([]);
    }

    [Fact]
    public async Task The_tags_of_an_upload_are_those_of_its_object()
    {
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-tagging", "a=b")])).Text("UploadId")!;
        S3Reply part = await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [1]);
        await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", StoredFeatureTests.Completion((1, part.ETag!)), []);

        (await TagsAsync("k")).ShouldBe(["a=b"]);
    }

    [Theory]
    [InlineData(null, null, "of=source")]
    [InlineData("COPY", "of=request", "of=source")]
    [InlineData(null, "of=request", "of=source")]
    [InlineData("REPLACE", "of=request", "of=request")]
    [InlineData("REPLACE", null, null)]
    public async Task A_copy_has_the_tags_of_its_source_or_of_its_request(string? directive, string? header, string? expected)
    {
        await Bare.PutAsync("bucket/source", [1], ("x-amz-tagging", "of=source"));
        (string, string)[] headers =
        [
            ("x-amz-copy-source", "bucket/source"),
            .. directive is null ? Array.Empty<(string, string)>() : [("x-amz-tagging-directive", directive)],
            .. header is null ? Array.Empty<(string, string)>() : [("x-amz-tagging", header)],
        ];

        (await Bare.PutAsync("bucket/k", [], headers)).Status.ShouldBe(200);

        (await TagsAsync("k")).ShouldBe(expected is null ? [] : [expected]);
    }

    [Fact]
    public async Task The_count_of_the_sources_tags_may_come_back_with_a_copy()
    {
        await Bare.PutAsync("bucket/source", [1], ("x-amz-tagging", "a=b"));

        (await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-tagging-count", "1"))).Status.ShouldBe(200);
        (await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging-count", "1"))).Code.ShouldBe("NotImplemented");
    }

    [Fact]
    public async Task A_directive_that_is_none_is_refused()
    {
        await Bare.PutAsync("bucket/source", [1]);

        S3Reply reply = await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-tagging-directive", "NOPE"));

        (reply.Status, reply.Code, reply.Text("ArgumentName")).ShouldBe((400, "InvalidArgument", "x-amz-tagging-directive"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Theory]
    [InlineData("key1=val1&key1=val2")]
    [InlineData("key1=val1,key2=val2")]
    public async Task A_header_that_S3_cannot_read_is_refused(string header)
    {
        foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Put, "bucket/k"), (HttpMethod.Post, "bucket/k?uploads") })
        {
            S3Reply reply = await Bare.SendAsync(method, path, [], [("x-amz-tagging", header)]);

            (reply.Status, reply.Code, reply.Text("ArgumentName"), reply.Text("ArgumentValue")).ShouldBe((400, "InvalidArgument", "x-amz-tagging", header));
            reply.Message.ShouldBe("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.");
        }

        (await StoredAsync("k")).ShouldBeNull();
    }

    public static TheoryData<string, string, string?> Refused => new()
    {
        { Tag("Key1", "1") + Tag("Key1", "2"), "InvalidTag", "Cannot provide multiple Tags with the same key" },
        { Tag("Key1,Key2", "1"), "InvalidTag", "The TagKey you have provided is invalid" },
        { Tag("", "1"), "InvalidTag", "The TagKey you have provided is invalid" },
        { Tag(new string('k', 129), "1"), "InvalidTag", "The TagKey you have provided is invalid" },
        { Tag("Key1", "Val1,Val2"), "InvalidTag", "The TagValue you have provided is invalid" },
        { Tag("Key1", new string('v', 257)), "InvalidTag", "The TagValue you have provided is invalid" },
        { Tag("aws:prefixed", "1"), "InvalidTag", "Your TagKey cannot be prefixed with aws:" },
        { string.Concat(Enumerable.Range(0, 11).Select(i => Tag($"k{i}", "v"))), "BadRequest", "Object tags cannot be greater than 10" },
        { "<Tag><Value>v</Value></Tag>", "MalformedXML", null },
        { "<Tag><Key>k</Key></Tag>", "MalformedXML", null },
        { "<Tag><Key>k</Key><Value>v</Value><Value>w</Value></Tag>", "MalformedXML", null },
        { "<Label/>", "MalformedXML", null },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Tags_that_S3_does_not_take_are_refused_and_the_present_ones_stay(string tags, string code, string? message)
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging", "a=b"));

        S3Reply reply = await PutAsync("k", tags);

        (reply.Status, reply.Code).ShouldBe((400, code));
        reply.Message.ShouldBe(message ?? reply.Message);
        (await TagsAsync("k")).ShouldBe(["a=b"]);
    }

    [Fact]
    public async Task Tags_up_to_the_limits_are_taken()
    {
        await Bare.PutAsync("bucket/k", [1]);
        string tags = Tag(new string('k', 128), new string('v', 256)) + Tag("\u00fc \u4e2d+-=._:/@", "\u00e9") + string.Concat(Enumerable.Range(0, 8).Select(i => Tag($"k{i}", "v")));

        (await PutAsync("k", tags)).Status.ShouldBe(200);

        (await Bare.GetAsync("bucket/k?tagging")).Texts("Key").Length.ShouldBe(10);
    }

    [Fact]
    public async Task A_document_without_a_set_is_malformed_and_an_empty_set_takes_tags_away()
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-tagging", "a=b"));

        (await Bare.PutAsync("bucket/k?tagging", "<Tagging/>"u8.ToArray())).Code.ShouldBe("MalformedXML");
        (await PutAsync("k", "")).Status.ShouldBe(200);

        (await TagsAsync("k")).ShouldBe([]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Nothing_that_is_not_there_has_tags(string method)
    {
        byte[] body = method == "PUT" ? "<Tagging><TagSet/></Tagging>"u8.ToArray() : [];

        (await Bare.SendAsync(new HttpMethod(method), "bucket/none?tagging", body, [])).Code.ShouldBe("NoSuchKey");
        (await Bare.SendAsync(new HttpMethod(method), "none-at-all/k?tagging", body, [])).Code.ShouldBe("NoSuchBucket");
    }

    private static string Tag(string key, string value) => $"<Tag><Key>{key}</Key><Value>{value}</Value></Tag>";

    private Task<S3Reply> PutAsync(string key, string tags) =>
        Bare.PutAsync($"bucket/{key}?tagging", Encoding.UTF8.GetBytes($"<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>{tags}</TagSet></Tagging>"));

    private async Task<string[]> TagsAsync(string key)
    {
        S3Reply reply = await Bare.GetAsync($"bucket/{key}?tagging");
        reply.Status.ShouldBe(200);
        return [.. reply.Texts("Key").Zip(reply.Texts("Value"), (k, v) => $"{k}={v}")];
    }
}
