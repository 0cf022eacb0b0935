using System.Net;
using System.Text;
using System.Xml.Linq;
using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Sts;

public sealed class StsTests : IAsyncLifetime
{
    private const string Role = "arn:aws:iam::210987654321:role/fleet/LogExport";
    private static readonly XNamespace Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";
    private readonly ManualTimeProvider _clock = new();
    private readonly HttpClient _http = new();
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock });

    [Fact]
    public async Task Assuming_a_role_gives_keys_that_open_the_other_services_until_they_end()
    {
        (HttpStatusCode status, XElement answer) = await CallAsync($"Action=AssumeRole&Version=2011-06-15&RoleArn={Uri.EscapeDataString(Role)}&RoleSessionName=job+1".Replace("+", "%2B", StringComparison.Ordinal));
        status.ShouldBe(HttpStatusCode.OK);
        answer.Name.ShouldBe(Namespace + "AssumeRoleResponse");
        XElement result = answer.Element(Namespace + "AssumeRoleResult")!;
        XElement credentials = result.Element(Namespace + "Credentials")!;
        credentials.Element(Namespace + "Expiration")!.Value.ShouldBe("2023-10-01T13:00:00Z");
        result.Element(Namespace + "AssumedRoleUser")!.Element(Namespace + "Arn")!.Value.ShouldBe("arn:aws:sts::210987654321:assumed-role/LogExport/job+1");
        var signer = new TestSigner(Value(credentials, "AccessKeyId"), Value(credentials, "SecretAccessKey"), "us-east-1", "logs") { SessionToken = Value(credentials, "SessionToken") };

        using var logs = new LogsClient(_emulator, _clock) { Signer = signer };
        (await logs.CallAsync("DescribeLogGroups", "{}")).Status.ShouldBe(200);
        _clock.Advance(TimeSpan.FromHours(1));
        (await logs.CallAsync("DescribeLogGroups", "{}")).Code.ShouldBe("ExpiredTokenException");
        _emulator.Sts.Requests.ShouldHaveSingleItem().ShouldBe(new AssumeRoleCall
        {
            RoleArn = Role,
            RoleSessionName = "job+1",
            CallerArn = "arn:aws:iam::123456789012:user/emulator",
            ExpiresAt = new DateTimeOffset(2023, 10, 1, 13, 0, 0, TimeSpan.Zero),
        });
    }

    [Fact]
    public async Task Who_calls_is_told()
    {
        (_, XElement own) = await CallAsync("Action=GetCallerIdentity&Version=2011-06-15");
        Value(own.Element(Namespace + "GetCallerIdentityResult")!, "Arn").ShouldBe("arn:aws:iam::123456789012:user/emulator");
        Value(own.Element(Namespace + "GetCallerIdentityResult")!, "Account").ShouldBe("123456789012");

        TestSigner assumed = await AssumeAsync();
        (_, XElement other) = await CallAsync("Action=GetCallerIdentity&Version=2011-06-15", assumed);
        Value(other.Element(Namespace + "GetCallerIdentityResult")!, "Arn").ShouldBe("arn:aws:sts::210987654321:assumed-role/LogExport/session");
        Value(other.Element(Namespace + "GetCallerIdentityResult")!, "Account").ShouldBe("210987654321");
        Value(other.Element(Namespace + "GetCallerIdentityResult")!, "UserId").ShouldMatch("^AROA[0-9A-Z]{17}:session$", "the role's id, as AssumedRoleUser says it");
    }

    [Theory]
    [InlineData("RoleArn=LogExport&RoleSessionName=session", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::1:role/LogExport&RoleSessionName=session", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/LogExport", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/LogExport&RoleSessionName=a%20b", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/LogExport&RoleSessionName=session&DurationSeconds=899", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/LogExport&RoleSessionName=session&DurationSeconds=43201", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/Short&RoleSessionName=session&DurationSeconds=7200", 400, "ValidationError")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/Denied&RoleSessionName=session", 403, "AccessDenied")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/External&RoleSessionName=session", 403, "AccessDenied")]
    [InlineData("RoleArn=arn:aws:iam::210987654321:role/External&RoleSessionName=session&ExternalId=secret", 200, null)]
    public async Task What_AWS_refuses_is_refused_in_its_words(string parameters, int status, string? code)
    {
        _emulator.Sts.SetRole(new EmulatedRole { Arn = "arn:aws:iam::210987654321:role/Denied", CanBeAssumed = false });
        _emulator.Sts.SetRole(new EmulatedRole { Arn = "arn:aws:iam::210987654321:role/External", ExternalId = "secret" });
        _emulator.Sts.SetRole(new EmulatedRole { Arn = "arn:aws:iam::210987654321:role/Short", MaxSessionDuration = TimeSpan.FromHours(1) });
        (HttpStatusCode answered, XElement answer) = await CallAsync("Action=AssumeRole&Version=2011-06-15&" + parameters);
        ((int)answered).ShouldBe(status);
        answer.Element(Namespace + "Error")?.Element(Namespace + "Code")?.Value.ShouldBe(code);
        (answer.Name.LocalName == "ErrorResponse").ShouldBe(code is not null);
    }

    [Fact]
    public async Task A_role_assumed_by_a_role_holds_an_hour_at_most()
    {
        TestSigner assumed = await AssumeAsync();
        string body = $"Action=AssumeRole&Version=2011-06-15&RoleArn={Role}&RoleSessionName=session&DurationSeconds=";
        (await CallAsync(body + "3601", assumed)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await CallAsync(body + "3600", assumed)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_signature_is_403_and_an_action_that_is_not_emulated_501()
    {
        (HttpStatusCode status, XElement answer) = await CallAsync("Action=GetCallerIdentity", new TestSigner(_emulator.AccessKeyId, "wrong", "us-east-1", "sts"));
        status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Element(Namespace + "Error")!.Element(Namespace + "Code")!.Value.ShouldBe("SignatureDoesNotMatch");
        (await CallAsync("Action=GetCallerIdentity", new TestSigner("AKIAUNKNOWN", "x", "us-east-1", "sts"))).Answer.Element(Namespace + "Error")!.Element(Namespace + "Code")!.Value.ShouldBe("InvalidClientTokenId");
        (await CallAsync("Action=DecodeAuthorizationMessage")).Status.ShouldBe(HttpStatusCode.NotImplemented);
    }

    [Fact]
    public async Task A_web_identity_assumes_a_role_without_a_signature()
    {
        (HttpStatusCode status, XElement answer) = await CallAsync($"Action=AssumeRoleWithWebIdentity&RoleArn={Role}&RoleSessionName=pod&WebIdentityToken={Token("""{"sub":"system:pod","iss":"https://oidc.example","aud":["sts.amazonaws.com"],"exp":1696164000}""")}", isSigned: false);

        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        XElement result = answer.Element(Namespace + "AssumeRoleWithWebIdentityResult")!;
        (Value(result, "SubjectFromWebIdentityToken"), Value(result, "Provider"), Value(result, "Audience")).ShouldBe(("system:pod", "https://oidc.example", "sts.amazonaws.com"));
        XElement credentials = result.Element(Namespace + "Credentials")!;
        var signer = new TestSigner(Value(credentials, "AccessKeyId"), Value(credentials, "SecretAccessKey"), "us-east-1", "sts") { SessionToken = Value(credentials, "SessionToken") };
        (_, XElement identity) = await CallAsync("Action=GetCallerIdentity", signer);
        Value(identity.Element(Namespace + "GetCallerIdentityResult")!, "Arn").ShouldBe("arn:aws:sts::210987654321:assumed-role/LogExport/pod");
    }

    [Theory]
    [InlineData("header.payload", "InvalidIdentityToken")]
    [InlineData("a.!.c", "InvalidIdentityToken")]
    [InlineData("{}", "InvalidIdentityToken")]
    [InlineData("""{"sub":"s","iss":"i","exp":1696161600}""", "ExpiredTokenException")]
    public async Task A_token_that_is_not_one_or_is_over_is_refused(string claims, string code)
    {
        string token = claims.StartsWith('{') ? Token(claims) : claims;
        (_, XElement answer) = await CallAsync($"Action=AssumeRoleWithWebIdentity&RoleArn={Role}&RoleSessionName=pod&WebIdentityToken={token}", isSigned: false);

        Code(answer).ShouldBe(code);
    }

    [Fact]
    public async Task GetSessionToken_gives_keys_of_the_caller_and_takes_none_of_a_session()
    {
        (HttpStatusCode status, XElement answer) = await CallAsync("Action=GetSessionToken&DurationSeconds=129600");
        status.ShouldBe(HttpStatusCode.OK);
        XElement credentials = answer.Descendants(Namespace + "Credentials").Single();
        Value(credentials, "Expiration").ShouldBe("2023-10-03T00:00:00Z");
        var signer = new TestSigner(Value(credentials, "AccessKeyId"), Value(credentials, "SecretAccessKey"), "us-east-1", "sts") { SessionToken = Value(credentials, "SessionToken") };

        (_, XElement identity) = await CallAsync("Action=GetCallerIdentity", signer);
        Value(identity.Element(Namespace + "GetCallerIdentityResult")!, "Arn").ShouldBe("arn:aws:iam::123456789012:user/emulator");
        (HttpStatusCode again, XElement refusal) = await CallAsync("Action=GetSessionToken", signer);
        (again, Code(refusal)).ShouldBe((HttpStatusCode.Forbidden, "AccessDenied"));
    }

    [Theory]
    [InlineData("Action=GetCallerIdentity&Version=2010-01-01", 400, "InvalidAction")]
    [InlineData("Action=Nonsense", 501, "NotImplemented")]
    [InlineData("Policy=x", 400, "MissingAction")]
    [InlineData("Action=GetSessionToken&DurationSeconds=899", 400, "ValidationError")]
    [InlineData("Action=GetSessionToken&SerialNumber=x&TokenCode=123456", 501, "NotImplemented")]
    [InlineData("Action=AssumeRole&RoleArn=arn:aws:iam::210987654321:role/R&RoleSessionName=session&Policy=%7B%7D", 501, "NotImplemented")]
    [InlineData("Action=AssumeRole&RoleArn=arn:aws:iam::210987654321:role/R&RoleSessionName=session&PolicyArns.member.1.arn=x", 501, "NotImplemented")]
    [InlineData("Action=AssumeRole&RoleArn=arn:aws:iam::210987654321:role/R&RoleSessionName=session&Tags.member.1.Key=x", 501, "NotImplemented")]
    [InlineData("Action=AssumeRole&RoleArn=arn:aws:iam::210987654321:role/R&RoleSessionName=session&ExternalId=x", 400, "ValidationError")]
    [InlineData("Action=AssumeRole&RoleArn=arn:aws:iam::210987654321:role/R&RoleSessionName=session&SourceIdentity=a%20b", 400, "ValidationError")]
    public async Task What_is_not_emulated_or_out_of_bounds_is_refused(string form, int status, string code)
    {
        (HttpStatusCode answered, XElement answer) = await CallAsync(form);

        ((int)answered, Code(answer)).ShouldBe((status, code));
    }

    [Fact]
    public async Task An_unsigned_call_is_answered_in_the_manner_of_this_service()
    {
        (HttpStatusCode status, XElement answer) = await CallAsync("Action=GetCallerIdentity", isSigned: false);

        (status, Code(answer)).ShouldBe((HttpStatusCode.Forbidden, "MissingAuthenticationToken"));
    }

    [Fact]
    public async Task A_source_identity_comes_back()
    {
        (_, XElement answer) = await CallAsync($"Action=AssumeRole&RoleArn={Role}&RoleSessionName=session&SourceIdentity=alice");

        Value(answer.Element(Namespace + "AssumeRoleResult")!, "SourceIdentity").ShouldBe("alice");
    }

    [Fact]
    public async Task Faults_pick_their_role()
    {
        using FaultHandle fault = _emulator.Faults.Add(new Fault { Operation = "AssumeRole", When = r => r.RoleArn == Role, Status = 503, Code = "ServiceUnavailable" });
        (await CallAsync($"Action=AssumeRole&RoleArn={Role}&RoleSessionName=session")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await CallAsync($"Action=AssumeRole&RoleArn={Role}2&RoleSessionName=session")).Status.ShouldBe(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _emulator.DisposeAsync();
    }

    private static string Token(string claims) => $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";

    private static string? Code(XElement answer) => answer.Element(Namespace + "Error")?.Element(Namespace + "Code")?.Value;

    private static string Value(XElement parent, string name) => parent.Element(Namespace + name)!.Value;

    private async Task<TestSigner> AssumeAsync()
    {
        (_, XElement answer) = await CallAsync($"Action=AssumeRole&RoleArn={Role}&RoleSessionName=session");
        XElement credentials = answer.Descendants(Namespace + "Credentials").Single();
        return new TestSigner(Value(credentials, "AccessKeyId"), Value(credentials, "SecretAccessKey"), "us-east-1", "sts") { SessionToken = Value(credentials, "SessionToken") };
    }

    private async Task<(HttpStatusCode Status, XElement Answer)> CallAsync(string form, TestSigner? signer = null, bool isSigned = true)
    {
        byte[] body = Encoding.ASCII.GetBytes(form.Contains("Version=", StringComparison.Ordinal) ? form : $"{form}&Version=2011-06-15");
        using var request = new HttpRequestMessage(HttpMethod.Post, _emulator.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        if (isSigned)
        {
            (signer ?? new TestSigner(_emulator.AccessKeyId, _emulator.SecretAccessKey, "us-east-1", "sts")).Sign(request, body, _clock.GetUtcNow());
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, XElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
