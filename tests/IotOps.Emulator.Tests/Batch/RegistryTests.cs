using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Batch;

/// <summary>Queues and definitions over HTTP, and what a job of such a definition runs.</summary>
public sealed class RegistryTests : BatchTestBase
{
    private const string Definition = """
        {"jobDefinitionName":"web","type":"container","parameters":{"Id":"none"},"timeout":{"attemptDurationSeconds":60},
         "retryStrategy":{"attempts":2,"evaluateOnExit":[{"onReason":"CannotPull*","action":"RETRY"},{"onReason":"*","action":"EXIT"}]},
         "containerProperties":{"image":"repo/export@sha256:1","command":["export","Ref::Id"],"environment":[{"name":"A","value":"b"}],
          "resourceRequirements":[{"type":"VCPU","value":"1"}],"jobRoleArn":"arn:aws:iam::123456789012:role/r"}}
        """;

    [Fact]
    public async Task A_definition_of_an_image_runs_what_was_added_for_the_image()
    {
        BatchJobRun? seen = null;
        Emulator.Batch.AddImage(new BatchImage
        {
            Name = "repo/export@sha256:1",
            Run = (run, _) =>
            {
                seen = run;
                return Task.FromResult(0);
            },
        });
        await CallAsync("createjobqueue", """{"jobQueueName":"made","priority":5,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"spot"}]}""");
        JsonObject registered = await CallAsync("registerjobdefinition", Definition);
        registered.ToJsonString().ShouldBe("""{"jobDefinitionName":"web","jobDefinitionArn":"arn:aws:batch:eu-west-1:123456789012:job-definition/web:1","revision":1}""");

        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync(
            """{"jobName":"j","jobQueue":"arn:aws:batch:eu-west-1:123456789012:job-queue/made","jobDefinition":"web:1","parameters":{"Id":"7"},"tags":{"a":"b"},"propagateTags":true}"""));

        job.Status.ShouldBe(BatchJobStatus.Succeeded);
        seen.ShouldNotBeNull().Command.ShouldBe(["export", "7"]);
        seen.Environment["A"].ShouldBe("b");
        JsonObject described = await Client.DescribeAsync(job.JobId);
        (described["tags"]!.ToJsonString(), (bool)described["propagateTags"]!).ShouldBe(("""{"a":"b"}""", true));
    }

    [Fact]
    public async Task An_image_that_nobody_added_cannot_be_pulled()
    {
        await CallAsync("registerjobdefinition", Definition);

        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"web"}"""));

        (job.Status, job.StatusReason, job.ExitCode, job.Attempts).ShouldBe((BatchJobStatus.Failed, "Task failed to start", null, 2));
        JsonNode container = (await Client.DescribeAsync(job.JobId))["container"]!;
        ((string?)container["reason"]).ShouldNotBeNull().ShouldStartWith("CannotPullContainerError: ");
        container["exitCode"].ShouldBeNull();
    }

    [Fact]
    public async Task Definitions_are_described_by_revision_name_and_status_and_can_be_deregistered()
    {
        await CallAsync("registerjobdefinition", Definition);
        await CallAsync("registerjobdefinition", Definition);
        await CallAsync("deregisterjobdefinition", """{"jobDefinition":"web:2"}""");

        JsonArray all = (await CallAsync("describejobdefinitions", """{"jobDefinitionName":"web"}"""))["jobDefinitions"]!.AsArray();
        all.Select(one => $"{one!["revision"]} {one["status"]}").ShouldBe(["2 INACTIVE", "1 ACTIVE"]);
        ((string?)all[0]!["containerProperties"]!["jobRoleArn"]).ShouldBe("arn:aws:iam::123456789012:role/r");
        all[0]!["retryStrategy"]!["evaluateOnExit"]!.AsArray().Count.ShouldBe(2);
        (await CallAsync("describejobdefinitions", """{"jobDefinitions":["web:1"],"status":"INACTIVE"}"""))["jobDefinitions"]!.AsArray().ShouldBeEmpty();
        (await Client.CallAsync("submitjob", """{"jobName":"j","jobQueue":"q","jobDefinition":"web:2"}""")).Code.ShouldBe("ClientException");

        // A name alone means the newest that is active.
        EmulatedBatchJob job = await Emulator.Batch.WaitAsync(await Client.SubmitAsync("""{"jobName":"j","jobQueue":"q","jobDefinition":"web"}"""));
        job.JobDefinition.ShouldBe("web:1");
    }

    [Fact]
    public async Task A_queue_takes_no_jobs_while_it_is_disabled_and_only_then_can_it_be_deleted()
    {
        await CallAsync("createjobqueue", """{"jobQueueName":"made","priority":5}""");
        (await Client.CallAsync("createjobqueue", """{"jobQueueName":"made","priority":5}""")).Code.ShouldBe("ClientException");
        (await Client.CallAsync("deletejobqueue", """{"jobQueue":"made"}""")).Code.ShouldBe("ClientException");
        await CallAsync("updatejobqueue", """{"jobQueue":"made","state":"DISABLED","priority":7}""");
        Register((_, _) => Task.FromResult(0));
        (await Client.CallAsync("submitjob", """{"jobName":"j","jobQueue":"made","jobDefinition":"d"}""")).Code.ShouldBe("ClientException");

        JsonNode queue = (await CallAsync("describejobqueues", """{"jobQueues":["made"]}"""))["jobQueues"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)queue["state"], (int)queue["priority"]!, (string?)queue["status"]).ShouldBe(("DISABLED", 7, "VALID"));
        await CallAsync("deletejobqueue", """{"jobQueue":"made"}""");
        (await CallAsync("describejobqueues", "{}"))["jobQueues"]!.AsArray().Select(one => (string?)one!["jobQueueName"]).ShouldBe(["q"]);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        await CallAsync("createjobqueue", """{"jobQueueName":"a","priority":1}""");
        JsonObject first = await CallAsync("describejobqueues", """{"maxResults":1}""");
        JsonObject second = await CallAsync("describejobqueues", $$"""{"maxResults":1,"nextToken":"{{first["nextToken"]}}"}""");

        ((string?)first["jobQueues"]![0]!["jobQueueName"], (string?)second["jobQueues"]![0]!["jobQueueName"], second["nextToken"]).ShouldBe(("a", "q", null));
    }

    [Theory]
    [InlineData("createjobqueue", """{"jobQueueName":"a b","priority":1}""", "a b")]
    [InlineData("createjobqueue", """{"jobQueueName":"a"}""", "priority")]
    [InlineData("createjobqueue", """{"jobQueueName":"a","priority":1,"state":"ON"}""", "ON")]
    [InlineData("createjobqueue", """{"jobQueueName":"a","priority":1,"schedulingPolicyArn":"x"}""", "schedulingPolicyArn")]
    [InlineData("updatejobqueue", """{"jobQueue":"none"}""", "none")]
    [InlineData("registerjobdefinition", """{"jobDefinitionName":"d","type":"multinode"}""", "type")]
    [InlineData("registerjobdefinition", """{"jobDefinitionName":"d","type":"container"}""", "image")]
    [InlineData("registerjobdefinition", """{"jobDefinitionName":"d","type":"container","containerProperties":{"image":"i","secrets":[]}}""", "secrets")]
    [InlineData("registerjobdefinition", """{"jobDefinitionName":"d","type":"container","ecsProperties":{}}""", "ecsProperties")]
    [InlineData("describejobdefinitions", """{"status":"NOPE"}""", "NOPE")]
    [InlineData("describejobqueues", """{"nextToken":"9"}""", "nextToken")]
    public async Task What_is_wrong_or_not_emulated_is_refused_by_its_name(string operation, string json, string named)
    {
        (int status, string? code, JsonObject body) = await Client.CallAsync(operation, json);

        (status, code).ShouldBe((400, "ClientException"));
        body.ToJsonString().ShouldContain(named);
    }

    [Fact]
    public async Task An_operation_that_is_not_there_names_itself()
    {
        (int status, string? code, JsonObject body) = await Client.CallAsync("describecomputeenvironments", "{}");

        (status, code).ShouldBe((501, "NotImplementedException"));
        body.ToJsonString().ShouldContain("describecomputeenvironments");
    }

    private async Task<JsonObject> CallAsync(string operation, string json)
    {
        (int status, _, JsonObject answer) = await Client.CallAsync(operation, json);
        status.ShouldBe(200, answer.ToJsonString());
        return answer;
    }
}
