using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

/// <summary>A bucket's lifecycle is checked and kept. What S3 refuses was seen on S3, or is in its documentation.</summary>
public sealed class LifecycleTests : S3TestBase
{
    internal static readonly byte[] Abort = Rules("<Rule><ID>a</ID><Filter/><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>");

    [Fact]
    public async Task A_lifecycle_is_given_back_and_taken_away()
    {
        (await Bare.GetAsync("bucket?lifecycle")).Code.ShouldBe("NoSuchLifecycleConfiguration");
        await S3.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest
        {
            BucketName = "bucket",
            Configuration = new LifecycleConfiguration
            {
                Rules =
                [
                    new LifecycleRule
                    {
                        Id = "old",
                        Status = LifecycleRuleStatus.Enabled,
                        Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "logs/" } },
                        Expiration = new LifecycleRuleExpiration { Days = 90 },
                        Transitions = [new LifecycleTransition { Days = 30, StorageClass = S3StorageClass.StandardInfrequentAccess }],
                        AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 7 },
                    },
                ],
            },
        });

        LifecycleRule rule = (await S3.GetLifecycleConfigurationAsync("bucket")).Configuration.Rules.ShouldHaveSingleItem();
        (rule.Id, rule.Expiration.Days, rule.Transitions[0].Days, rule.AbortIncompleteMultipartUpload.DaysAfterInitiation).ShouldBe(("old", 90, 30, 7));
        ((LifecyclePrefixPredicate)rule.Filter.LifecycleFilterPredicate).Prefix.ShouldBe("logs/");
        await S3.DeleteLifecycleConfigurationAsync("bucket");
        S3Reply none = await Bare.GetAsync("bucket?lifecycle");
        (none.Status, none.Code, none.Text("BucketName")).ShouldBe((404, "NoSuchLifecycleConfiguration", "bucket"));
        (await Bare.SendAsync(HttpMethod.Delete, "bucket?lifecycle", [], [])).Status.ShouldBe(204, "there is nothing, which is what was asked for");
    }

    [Fact]
    public async Task A_rule_without_an_id_is_given_one()
    {
        (await PutAsync(Rule("<Filter/>", Days(1)))).Status.ShouldBe(200);

        (await Bare.GetAsync("bucket?lifecycle")).Text("ID").ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(null, "all_storage_classes_128K")]
    [InlineData("all_storage_classes_128K", "all_storage_classes_128K")]
    [InlineData("varies_by_storage_class", "varies_by_storage_class")]
    public async Task The_size_below_which_nothing_moves_is_given_back(string? sent, string kept)
    {
        const string Header = "x-amz-transition-default-minimum-object-size";

        (await PutAsync(Abort, sent is null ? [] : [(Header, sent)])).Header(Header).ShouldBe(kept);

        (await Bare.GetAsync("bucket?lifecycle")).Header(Header).ShouldBe(kept);
    }

    [Fact]
    public async Task A_size_that_S3_does_not_know_is_refused()
    {
        S3Reply reply = await PutAsync(Abort, [("x-amz-transition-default-minimum-object-size", "value")]);

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, "InvalidRequest", "Invalid TransitionDefaultMinimumObjectSize found: value"));
    }

    [Fact]
    public async Task A_lifecycle_without_a_checksum_is_refused()
    {
        S3Reply reply = await Bare.PutAsync("bucket?lifecycle", Abort);

        (reply.Status, reply.Code).ShouldBe((400, "InvalidRequest"));
        reply.Message.ShouldNotBeNull().ShouldContain("Content-MD5");
    }

    public static TheoryData<string, string, string> Refused => new()
    {
        { "no rule", "", "MalformedXML" },
        { "no filter", Rule("", Days(7)), "MalformedXML" },
        { "filter and prefix", Rule("<Filter/><Prefix/>", Days(7)), "MalformedXML" },
        { "no status", $"<Rule><Filter/>{Days(7)}</Rule>", "MalformedXML" },
        { "another status", $"<Rule><Filter/><Status>On</Status>{Days(7)}</Rule>", "MalformedXML" },
        { "no action", Rule("<Filter/>", ""), "InvalidRequest" },
        { "nothing in an action", Rule("<Filter/>", Days(7) + "<NoncurrentVersionExpiration/>"), "MalformedXML" },
        { "two conditions", Rule("<Filter><Prefix>a</Prefix><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></Filter>", Days(7)), "MalformedXML" },
        { "And beside a prefix", Rule("<Filter><And><Prefix>a</Prefix></And><Prefix/></Filter>", Days(7)), "MalformedXML" },
        { "And of one", Rule("<Filter><And><Prefix>a</Prefix></And></Filter>", Days(7)), "MalformedXML" },
        { "a key twice", Rule("<Filter><And><Tag><Key>k</Key><Value>1</Value></Tag><Tag><Key>k</Key><Value>2</Value></Tag></And></Filter>", Days(7)), "InvalidRequest" },
        { "not midnight", Rule("<Filter/>", "<Expiration><Date>2023-01-01T02:02:00Z</Date></Expiration>"), "InvalidArgument" },
        { "no date", Rule("<Filter/>", "<Expiration><Date>soon</Date></Expiration>"), "MalformedXML" },
        { "days and marker", Rule("<Filter/>", "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"), "MalformedXML" },
        { "zero days", Rule("<Filter/>", Days(0)), "InvalidArgument" },
        { "no number", Rule("<Filter/>", "<Expiration><Days>x</Days></Expiration>"), "MalformedXML" },
        { "class that is none", Rule("<Filter/>", "<Transition><Days>30</Days><StorageClass>STANDARD</StorageClass></Transition>"), "MalformedXML" },
        { "too early for infrequent access", Rule("<Filter/>", "<Transition><Days>29</Days><StorageClass>STANDARD_IA</StorageClass></Transition>"), "InvalidArgument" },
        { "gone before it moves", Rule("<Filter/>", Days(30) + "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"), "InvalidArgument" },
        { "abort by tags", Rule("<Filter><Tag><Key>k</Key><Value>1</Value></Tag></Filter>", "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>"), "InvalidRequest" },
        { "two of one kind", Rule("<Filter/>", Days(7) + Days(8)), "MalformedXML" },
        { "an id twice", Rule("<ID>a</ID><Filter/>", Days(7)) + Rule("<ID>a</ID><Filter/>", Days(8)), "InvalidArgument" },
        { "an id of 256 letters", Rule($"<ID>{new string('a', 256)}</ID><Filter/>", Days(7)), "InvalidArgument" },
        { "an element that is none", Rule("<Filter/>", Days(7) + "<Nonsense/>"), "MalformedXML" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Rules_that_S3_does_not_take_are_refused_and_the_present_ones_stay(string reason, string rules, string code)
    {
        await PutAsync(Abort);

        S3Reply reply = await PutAsync(rules);

        (reply.Status, reply.Code).ShouldBe((400, code), reason);
        (await Bare.GetAsync("bucket?lifecycle")).Texts("ID").ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("<Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value/></Tag></And></Filter>", "<Expiration><Days>1</Days></Expiration>")]
    [InlineData("<Prefix/>", "<Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>")]
    [InlineData("<Filter><ObjectSizeLessThan>10</ObjectSizeLessThan></Filter>", "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>")]
    [InlineData("<Filter/>", "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>3</NewerNoncurrentVersions></NoncurrentVersionExpiration>")]
    [InlineData("<Filter/>", "<NoncurrentVersionTransition><NoncurrentDays>0</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>")]
    [InlineData("<Filter/>", "<Transition><Days>0</Days><StorageClass>GLACIER</StorageClass></Transition><Transition><Days>90</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>")]
    public async Task Rules_that_S3_takes_are_taken(string filter, string actions) =>
        (await PutAsync(Rule(filter, actions))).Status.ShouldBe(200);

    private static string Rule(string filter, string actions) => $"<Rule>{filter}<Status>Enabled</Status>{actions}</Rule>";

    private static string Days(int days) => $"<Expiration><Days>{days}</Days></Expiration>";

    private static byte[] Rules(string rules) => Encoding.UTF8.GetBytes($"<LifecycleConfiguration>{rules}</LifecycleConfiguration>");

    private Task<S3Reply> PutAsync(string rules) => PutAsync(Rules(rules));

    private Task<S3Reply> PutAsync(byte[] body, params (string, string)[] headers) =>
        Bare.PutAsync("bucket?lifecycle", body, [("Content-MD5", S3Client.Md5(body)), .. headers]);
}
