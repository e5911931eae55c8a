"""A batch has a lease; attempts are kept; a mail that is sent once more knows of which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0008_deadline_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='SendAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('soon', 'Failed, tried again soon'), ('late', 'Failed, tried again later'), ('permanent', 'Refused for good'), ('bounced', 'The address takes no mail'), ('maybe', 'No answer; it may have arrived'), ('lease', 'The sender died'), ('given_up', 'Given up after many attempts'), ('cancelled', 'Cancelled by a person'), ('resumed', 'Queued again, since the address takes mail')], max_length=10)),
                ('text', models.TextField(blank=True, help_text="The server's words, or who did it and why.")),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='begun_at',
            field=models.DateTimeField(blank=True, help_text='Handed to the server.', null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='lease',
            field=models.UUIDField(blank=True, help_text='The claim that holds the row.', null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='maybe_sent',
            field=models.BooleanField(default=False, help_text='An earlier try may have arrived.'),
        ),
        migrations.AddField(
            model_name='alert',
            name='resend_of',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The mail that a person sent once more.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='resends', to='policy.alert'),
        ),
        migrations.AddField(
            model_name='alert',
            name='resent_because',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='resent_by',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('lease__isnull', False)), fields=['lease'], name='alert_lease'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='alert_sent'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('resend_of__isnull', False)), fields=['resend_of'], name='alert_resend'),
        ),
        migrations.AddField(
            model_name='sendattempt',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='policy.alert'),
        ),
    ]
