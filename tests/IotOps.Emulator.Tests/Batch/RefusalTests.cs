namespace IotOps.Emulator.Tests.Batch;

public sealed class RefusalTests : BatchTestBase
{
    [Theory]
    [InlineData("submitjob", """{"jobQueue":"q","jobDefinition":"d"}""")]
    [InlineData("submitjob", """{"jobName":"-j","jobQueue":"q","jobDefinition":"d"}""")]
    [InlineData("submitjob", """{"jobName":"a.b","jobQueue":"q","jobDefinition":"d"}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"none","jobDefinition":"d"}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"none"}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d:2"}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","parameters":{"a":1}}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","arrayProperties":{"size":1}}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","timeout":{"attemptDurationSeconds":59}}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","dependsOn":[{"jobId":"x"}]}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","containerOverrides":{"environment":[{"name":"AWS_BATCH_X","value":"1"}]}}""")]
    [InlineData("describejobs", "{}")]
    [InlineData("listjobs", "{}")]
    [InlineData("listjobs", """{"jobQueue":"q","arrayJobId":"x"}""")]
    [InlineData("listjobs", """{"jobQueue":"none"}""")]
    [InlineData("listjobs", """{"jobQueue":"arn:aws:batch:eu-west-1:999999999999:job-queue/q"}""")]
    [InlineData("listjobs", """{"jobQueue":"q","jobStatus":"NOPE"}""")]
    [InlineData("listjobs", """{"jobQueue":"q","nextToken":"junk"}""")]
    [InlineData("listjobs", """{"jobQueue":"q","maxResults":0}""")]
    [InlineData("listjobs", """{"jobQueue":"q","maxResults":1001}""")]
    [InlineData("listjobs", """{"jobQueue":"q","maxResults":101,"filters":[{"name":"JOB_NAME","values":["j"]}]}""")]
    [InlineData("listjobs", """{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["j"]},{"name":"JOB_NAME","values":["k"]}]}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"arn:aws:batch:us-east-1:123456789012:job-queue/q","jobDefinition":"d"}""")]
    [InlineData("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"arn:aws:batch:eu-west-1:999999999999:job-definition/d"}""")]
    [InlineData("terminatejob", """{"jobId":"none","reason":"x"}""")]
    [InlineData("terminatejob", """{"jobId":"none"}""")]
    public async Task What_Batch_refuses_is_a_ClientException(string operation, string json)
    {
        Register((_, _) => Task.FromResult(0));
        (int status, string? code, _) = await Client.CallAsync(operation, json);
        (status, code).ShouldBe((400, "ClientException"));
        Emulator.Batch.Jobs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("onExitCode", "\"retryStrategy\":{\"attempts\":3,\"evaluateOnExit\":[{\"onExitCode\":\"3x\",\"action\":\"EXIT\"}]}")]
    [InlineData("onReason", "\"retryStrategy\":{\"attempts\":3,\"evaluateOnExit\":[{\"onReason\":\"a*b\",\"action\":\"EXIT\"}]}")]
    [InlineData("NOPE", "\"retryStrategy\":{\"attempts\":3,\"evaluateOnExit\":[{\"onReason\":\"*\",\"action\":\"NOPE\"}]}")]
    [InlineData("attempts", "\"retryStrategy\":{\"evaluateOnExit\":[{\"onReason\":\"*\",\"action\":\"EXIT\"}]}")]
    [InlineData("needs onStatusReason", "\"retryStrategy\":{\"attempts\":3,\"evaluateOnExit\":[{\"action\":\"EXIT\"}]}")]
    [InlineData("resourceRequirements", "\"containerOverrides\":{\"resourceRequirements\":[{\"type\":\"NOPE\",\"value\":\"1\"}]}")]
    [InlineData("tags", "\"tags\":{\"aws:a\":\"b\"}")]
    [InlineData("propagateTags", "\"propagateTags\":1")]
    [InlineData("N_TO_N", "\"dependsOn\":[{\"jobId\":\"x\",\"N_TO_N\":\"1\"}]")]
    [InlineData("ecsPropertiesOverride", "\"ecsPropertiesOverride\":{}")]
    [InlineData("nonsense", "\"timeout\":{\"nonsense\":1}")]
    [InlineData("nonsense", "\"arrayProperties\":{\"nonsense\":1}")]
    public async Task A_member_that_is_wrong_or_not_emulated_is_refused_by_its_name(string member, string json)
    {
        Register((_, _) => Task.FromResult(0));

        (int status, string? code, System.Text.Json.Nodes.JsonNode? body) = await Client.CallAsync("submitjob", $$"""{"jobName":"j","jobQueue":"q","jobDefinition":"d",{{json}}}""");

        (status, code).ShouldBe((400, "ClientException"));
        body.ShouldNotBeNull().ToJsonString().ShouldContain(member);
        Emulator.Batch.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_signature_is_403()
    {
        Client.Signer = new TestSigner(Emulator.AccessKeyId, "wrong", "eu-west-1", "batch");
        (int status, string? code, _) = await Client.CallAsync("listjobs", "{}");
        (status, code).ShouldBe((403, "InvalidSignatureException"));
    }

    [Fact]
    public async Task A_fault_hits_the_submission_it_picks_and_an_answer_may_get_lost()
    {
        Register((_, _) => Task.FromResult(0));
        using FaultHandle busy = Emulator.Faults.Add(new Fault { Operation = "SubmitJob", When = r => r.JobName == "busy", Status = 500, Code = "ServerException" });
        (await Client.CallAsync("submitjob", """{"jobName":"busy","jobQueue":"q","jobDefinition":"d"}""")).Code.ShouldBe("ServerException");
        Emulator.Batch.Jobs.ShouldBeEmpty();
        using FaultHandle lost = Emulator.Faults.Add(new Fault { Operation = "SubmitJob", Times = 1, DropAfterAccepting = true });
        await Should.ThrowAsync<HttpRequestException>(() => Client.SubmitAsync());
        Emulator.Batch.Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public void Definitions_are_checked()
    {
        Should.Throw<ArgumentException>(() => Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "a:b" }));
        Should.Throw<ArgumentException>(() => Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "d", Attempts = 11 }));
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "d" }).ShouldBe(1);
        Emulator.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "d" }).ShouldBe(2);
    }
}
