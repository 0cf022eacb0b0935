using System.Text.Json;

namespace IotOps.Slack.Posting;

/// <summary>What the Web API says about a call.</summary>
internal sealed class ChatAnswer
{
    public bool Ok { get; private set; }

    public string? Error { get; private set; }

    public string? Channel { get; private set; }

    public string? Timestamp { get; private set; }

    /// <summary>Members of a user group; null when the answer has none.</summary>
    public IReadOnlyList<string>? Users { get; private set; }

    /// <summary>Reads the members that count; null when the body is not a JSON object.</summary>
    public static ChatAnswer? Read(ReadOnlySpan<byte> json)
    {
        var answer = new ChatAnswer();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                answer.Take(name, ref reader);
            }

            return answer;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8 within a string.
            return null;
        }
    }

    private void Take(string name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "ok":
                Ok = reader.TokenType == JsonTokenType.True;
                break;
            case "error" when reader.TokenType == JsonTokenType.String:
                Error = reader.GetString();
                break;
            case "channel" when reader.TokenType == JsonTokenType.String:
                Channel = reader.GetString();
                break;
            case "ts" when reader.TokenType == JsonTokenType.String:
                Timestamp = reader.GetString();
                break;
            case "users" when reader.TokenType == JsonTokenType.StartArray:
                Users = ReadStrings(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static List<string> ReadStrings(ref Utf8JsonReader reader)
    {
        List<string> strings = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                strings.Add(reader.GetString()!);
            }
            else
            {
                reader.Skip();
            }
        }

        return strings;
    }
}
