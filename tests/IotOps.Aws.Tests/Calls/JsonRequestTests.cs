using System.Text;

namespace IotOps.Aws.Tests.Calls;

public sealed class JsonRequestTests
{
    [Fact]
    public void A_JSON_11_call_has_its_target_and_an_object_of_the_written_members()
    {
        AwsRequest request = AwsRequest.Json11("Logs_20140328.PutRetentionPolicy", json =>
        {
            json.WriteString("logGroupName", "Flotte/\"Süd\"");
            json.WriteNumber("retentionInDays", 14);
        });

        request.Operation.ShouldBe("PutRetentionPolicy");
        (request.Method, request.Path).ShouldBe((HttpMethod.Post, "/"));
        request.Headers.ShouldBe([new("Content-Type", "application/x-amz-json-1.1"), new("X-Amz-Target", "Logs_20140328.PutRetentionPolicy")]);
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe("""{"logGroupName":"Flotte/\u0022S\u00FCd\u0022","retentionInDays":14}""");
    }

    [Fact]
    public void A_REST_JSON_call_has_its_path_and_an_object_of_the_written_members()
    {
        AwsRequest request = AwsRequest.RestJson("SubmitJob", "/v1/submitjob", json => json.WriteString("jobName", "export"));

        request.Operation.ShouldBe("SubmitJob");
        (request.Method, request.Path).ShouldBe((HttpMethod.Post, "/v1/submitjob"));
        request.Headers.ShouldBe([new("Content-Type", "application/json")]);
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe("""{"jobName":"export"}""");
    }

    [Fact]
    public void A_body_without_members_is_an_empty_object() =>
        Encoding.UTF8.GetString(AwsRequest.Json11("CloudTrail_20131101.DescribeTrails", _ => { }).Body.Span).ShouldBe("{}");

    [Fact]
    public void A_member_that_is_begun_and_not_ended_is_refused() =>
        Should.Throw<ArgumentException>(() => AwsRequest.RestJson("SubmitJob", "/v1/submitjob", json => json.WriteStartObject("parameters")).Body.ToArray());
}
