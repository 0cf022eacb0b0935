namespace IotOps.Emulator.Tests.S3;

public sealed class DeleteConditionTests : S3TestBase
{
    [Fact]
    public async Task A_delete_can_insist_on_what_it_deletes()
    {
        string etag = (await Bare.PutAsync("bucket/k", [1])).ETag!;

        S3Reply stale = await DeleteAsync("k", "\"deadbeef\"");
        (stale.Status, stale.Code).ShouldBe((412, "PreconditionFailed"));
        (await StoredAsync("k")).ShouldBe([1]);
        S3Reply missing = await DeleteAsync("none", etag);
        (missing.Status, missing.Code).ShouldBe((404, "NoSuchKey"));
        (await DeleteAsync("k", etag)).Status.ShouldBe(204);
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task A_star_deletes_whatever_is_there_but_not_nothing()
    {
        await Bare.PutAsync("bucket/k", [1]);

        (await DeleteAsync("k", "*")).Status.ShouldBe(204);
        (await DeleteAsync("k", "*")).Code.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task Each_key_of_many_has_its_own_condition_and_the_others_are_deleted()
    {
        string etag = (await Bare.PutAsync("bucket/a", [1])).ETag!;
        await Bare.PutAsync("bucket/b", [2]);
        await Bare.PutAsync("bucket/c", [3]);

        S3Reply reply = await Bare.DeleteManyAsync("bucket", $"""
            <Delete>
              <Object><Key>a</Key><ETag>{etag}</ETag></Object>
              <Object><Key>b</Key><ETag>"dead"</ETag></Object>
              <Object><Key>none</Key><ETag>"dead"</ETag></Object>
              <Object><Key>c</Key></Object>
              <Quiet>true</Quiet>
            </Delete>
            """);

        reply.Status.ShouldBe(200);
        reply.Xml!.Elements().Select(e => $"{e.Name.LocalName} {e.Elements().First(k => k.Name.LocalName == "Key").Value} {e.Elements().First(k => k.Name.LocalName == "Code").Value}")
            .ShouldBe(["Error b PreconditionFailed", "Error none NoSuchKey"], "quiet is quiet about what went well");
        Emulator.S3.Keys("bucket").ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("<Delete><Object><Key>k</Key><Nonsense/></Object></Delete>")]
    [InlineData("<Delete><Object/></Delete>")]
    [InlineData("<Delete><Nonsense/></Delete>")]
    [InlineData("<Delete/>")]
    public async Task A_body_of_another_shape_is_malformed_and_deletes_nothing(string xml)
    {
        await Bare.PutAsync("bucket/k", [1]);

        (await Bare.DeleteManyAsync("bucket", xml)).Code.ShouldBe("MalformedXML");

        (await StoredAsync("k")).ShouldBe([1]);
    }

    private Task<S3Reply> DeleteAsync(string key, string etag) => Bare.SendAsync(HttpMethod.Delete, "bucket/" + key, [], [("If-Match", etag)]);
}
