namespace IotOps.Mqtt.Sessions;

/// <summary>
/// Counts connections in a row that ended by a message which cannot be read. A broker that keeps the session sends such a one first at every
/// connection, and what is behind it never comes: MQTT lets a client close the connection (5.0, 4.13) and start without the session, and
/// nothing in between.
/// </summary>
internal sealed class UnreadableMessages
{
    /// <summary>Connections after which the session is given up: the message may have been damaged on its way once.</summary>
    public const int Most = 3;

    private int _inARow;
    private bool _hasForgotten;

    /// <summary>Where the messages go to, for the log.</summary>
    public string Topic { get; private set; } = "";

    /// <summary>The next connection is to begin without the session. Once only, until a connection goes well: a retained message comes again without one.</summary>
    public bool MustForget => _inARow >= Most && !_hasForgotten;

    /// <summary>A connection ended.</summary>
    /// <param name="topic">Of the message that ended it; null when it was something else.</param>
    public void Ended(string? topic)
    {
        if (topic is null)
        {
            _inARow = 0;
            _hasForgotten = false;
            return;
        }

        _inARow++;
        Topic = topic;
    }

    /// <summary>The session is gone.</summary>
    public void Forgotten()
    {
        _inARow = 0;
        _hasForgotten = true;
    }
}
