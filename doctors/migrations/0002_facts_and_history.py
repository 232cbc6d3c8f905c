"""Facts in groups, each with its own look; offers as columns; the history of listings; reports from families."""

import django.db.models.deletion
import navigator.encryption
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('doctors', '0001_listings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ListingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('center', 'Center'), ('program', 'Program'), ('specialist', 'Specialist')], max_length=10)),
                ('slug', models.CharField(max_length=60)),
                ('what', models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('checked', 'Checked'), ('removed', 'Removed')], max_length=7)),
                ('group', models.CharField(blank=True, max_length=11)),
                ('how', models.CharField(blank=True, max_length=7)),
                ('fields', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.CharField(choices=[('phone', 'The phone number does not work'), ('address', 'The address is wrong'), ('closed', 'The program or the clinic is closed'), ('doctor', 'The doctor does not work there anymore'), ('offer', 'They do not offer what is listed'), ('other', 'Something else')], max_length=7)),
                ('words', navigator.encryption.EncryptedTextField(blank=True)),
                ('words_kept', models.BooleanField(default=True, editable=False)),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled: the listing was changed'), ('declined', 'Declined: the listing was right')], default='open', max_length=8)),
                ('answer', models.CharField(blank=True, help_text='What was found, for colleagues.', max_length=300)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['sent_at'],
                'permissions': [('close_report', 'Can settle and decline reports about listings')],
            },
        ),
        migrations.AddField(
            model_name='center',
            name='access_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='center',
            name='access_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='contact_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='center',
            name='contact_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='designation_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='center',
            name='designation_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='ended_note',
            field=models.CharField(blank=True, help_text='What readers of its page are told, and why.', max_length=200),
        ),
        migrations.AddField(
            model_name='center',
            name='ended_on',
            field=models.DateField(blank=True, help_text='The day it closed or stopped. It then leaves every list; its page stays.', null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='hours',
            field=models.CharField(blank=True, help_text='When the phone is answered, for example: Monday to Friday, 8 to 5 Central', max_length=80),
        ),
        migrations.AddField(
            model_name='center',
            name='languages',
            field=models.CharField(blank=True, help_text='For example: Spanish, and interpreters by phone for other languages', max_length=200),
        ),
        migrations.AddField(
            model_name='center',
            name='records_address',
            field=models.TextField(blank=True, help_text='Where records, scans and slides go, as the hospital says it.', max_length=300),
        ),
        migrations.AddField(
            model_name='center',
            name='records_review',
            field=models.BooleanField(blank=True, help_text='Slides and scans can be sent for an opinion without any visit.', null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='referral_required',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='center',
            name='second_opinion_url',
            field=models.URLField(blank=True, help_text="The hospital's page on how to ask for a second opinion or a first visit.", max_length=300),
        ),
        migrations.AddField(
            model_name='center',
            name='travel_url',
            field=models.URLField(blank=True, help_text="The hospital's page on travel and lodging.", max_length=300),
        ),
        migrations.AddField(
            model_name='center',
            name='video_visit',
            field=models.BooleanField(blank=True, help_text='A doctor can be seen by video.', null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='access_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='program',
            name='access_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='care_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='program',
            name='care_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='chemotherapy',
            field=models.BooleanField(blank=True, null=True, verbose_name='Chemotherapy'),
        ),
        migrations.AddField(
            model_name='program',
            name='clinical_trials',
            field=models.BooleanField(blank=True, null=True, verbose_name='Clinical trials'),
        ),
        migrations.AddField(
            model_name='program',
            name='contact_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='program',
            name='contact_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='ended_note',
            field=models.CharField(blank=True, help_text='What readers of its page are told, and why.', max_length=200),
        ),
        migrations.AddField(
            model_name='program',
            name='ended_on',
            field=models.DateField(blank=True, help_text='The day it closed or stopped. It then leaves every list; its page stays.', null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='hipec',
            field=models.BooleanField(blank=True, null=True, verbose_name='Surgery in the belly with heated chemotherapy (HIPEC)'),
        ),
        migrations.AddField(
            model_name='program',
            name='hours',
            field=models.CharField(blank=True, help_text='When the phone is answered, for example: Monday to Friday, 8 to 5 Central', max_length=80),
        ),
        migrations.AddField(
            model_name='program',
            name='immunotherapy',
            field=models.BooleanField(blank=True, null=True, verbose_name='Immunotherapy'),
        ),
        migrations.AddField(
            model_name='program',
            name='languages',
            field=models.CharField(blank=True, help_text='For example: Spanish, and interpreters by phone for other languages', max_length=200),
        ),
        migrations.AddField(
            model_name='program',
            name='multidisciplinary_clinic',
            field=models.BooleanField(blank=True, null=True, verbose_name='Several kinds of specialists look at your case together'),
        ),
        migrations.AddField(
            model_name='program',
            name='palliative_care',
            field=models.BooleanField(blank=True, null=True, verbose_name='Relief of symptoms (palliative care)'),
        ),
        migrations.AddField(
            model_name='program',
            name='radiation',
            field=models.BooleanField(blank=True, null=True, verbose_name='Radiation'),
        ),
        migrations.AddField(
            model_name='program',
            name='records_address',
            field=models.TextField(blank=True, help_text='Where records, scans and slides go, as the hospital says it.', max_length=300),
        ),
        migrations.AddField(
            model_name='program',
            name='records_review',
            field=models.BooleanField(blank=True, help_text='Slides and scans can be sent for an opinion without any visit.', null=True),
        ),
        migrations.AddField(
            model_name='program',
            name='remote_second_opinion',
            field=models.BooleanField(blank=True, null=True, verbose_name='A second opinion from a distance'),
        ),
        migrations.AddField(
            model_name='program',
            name='second_opinion_url',
            field=models.URLField(blank=True, help_text="The hospital's page on how to ask for a second opinion or a first visit.", max_length=300),
        ),
        migrations.AddField(
            model_name='program',
            name='surgery',
            field=models.BooleanField(blank=True, null=True, verbose_name='Surgery'),
        ),
        migrations.AddField(
            model_name='program',
            name='travel_url',
            field=models.URLField(blank=True, help_text="The hospital's page on travel and lodging.", max_length=300),
        ),
        migrations.AddField(
            model_name='program',
            name='va_affiliated',
            field=models.BooleanField(blank=True, null=True, verbose_name='Part of VA health care'),
        ),
        migrations.AddField(
            model_name='program',
            name='video_visit',
            field=models.BooleanField(blank=True, help_text='A doctor can be seen by video.', null=True),
        ),
        migrations.AddField(
            model_name='specialist',
            name='ended_note',
            field=models.CharField(blank=True, help_text='What readers of its page are told, and why.', max_length=200),
        ),
        migrations.AddField(
            model_name='specialist',
            name='ended_on',
            field=models.DateField(blank=True, help_text='The day it closed or stopped. It then leaves every list; its page stays.', null=True),
        ),
        migrations.AddField(
            model_name='specialist',
            name='post_verified_how',
            field=models.CharField(blank=True, choices=[('website', "on the hospital's website"), ('phone', 'by phone')], max_length=7),
        ),
        migrations.AddField(
            model_name='specialist',
            name='post_verified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='center',
            index=models.Index(fields=['latitude', 'longitude'], name='center_near'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(fields=['latitude', 'longitude'], name='program_near'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('pleural', True)), fields=['latitude', 'longitude'], name='program_near_pleural'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('peritoneal', True)), fields=['latitude', 'longitude'], name='program_near_peritoneal'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('surgery', True)), fields=['latitude', 'longitude'], name='program_near_surgery'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('hipec', True)), fields=['latitude', 'longitude'], name='program_near_hipec'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('clinical_trials', True)), fields=['latitude', 'longitude'], name='program_near_clinical_trials'),
        ),
        migrations.AddIndex(
            model_name='program',
            index=models.Index(condition=models.Q(('remote_second_opinion', True)), fields=['latitude', 'longitude'], name='program_near_remote_second_op'),
        ),
        migrations.AddConstraint(
            model_name='center',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_note', ''), ('ended_on__isnull', True)), models.Q(('ended_on__isnull', False), models.Q(('ended_note', ''), _negated=True)), _connector='OR'), name='center_end_has_day_and_note'),
        ),
        migrations.AddConstraint(
            model_name='center',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_verified_how', ''), ('contact_verified_on__isnull', True)), models.Q(('contact_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('contact_verified_on__isnull', False)), _connector='OR'), name='center_contact_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='center',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('access_verified_how', ''), ('access_verified_on__isnull', True)), models.Q(('access_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('access_verified_on__isnull', False)), _connector='OR'), name='center_access_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='center',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('designation_verified_how', ''), ('designation_verified_on__isnull', True)), models.Q(('designation_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('designation_verified_on__isnull', False)), _connector='OR'), name='center_designation_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_note', ''), ('ended_on__isnull', True)), models.Q(('ended_on__isnull', False), models.Q(('ended_note', ''), _negated=True)), _connector='OR'), name='program_end_has_day_and_note'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_verified_how', ''), ('contact_verified_on__isnull', True)), models.Q(('contact_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('contact_verified_on__isnull', False)), _connector='OR'), name='program_contact_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('access_verified_how', ''), ('access_verified_on__isnull', True)), models.Q(('access_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('access_verified_on__isnull', False)), _connector='OR'), name='program_access_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('care_verified_how', ''), ('care_verified_on__isnull', True)), models.Q(('care_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('care_verified_on__isnull', False)), _connector='OR'), name='program_care_verified_whole'),
        ),
        migrations.AddConstraint(
            model_name='specialist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_note', ''), ('ended_on__isnull', True)), models.Q(('ended_on__isnull', False), models.Q(('ended_note', ''), _negated=True)), _connector='OR'), name='specialist_end_has_day_and_note'),
        ),
        migrations.AddConstraint(
            model_name='specialist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('post_verified_how', ''), ('post_verified_on__isnull', True)), models.Q(('post_verified_how__in', {'phone': 'by phone', 'website': "on the hospital's website"}), ('post_verified_on__isnull', False)), _connector='OR'), name='specialist_post_verified_whole'),
        ),
        migrations.AddField(
            model_name='listingchange',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='center',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='doctors.center'),
        ),
        migrations.AddField(
            model_name='report',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='program',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='doctors.program'),
        ),
        migrations.AddField(
            model_name='report',
            name='specialist',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='doctors.specialist'),
        ),
        migrations.AddIndex(
            model_name='listingchange',
            index=models.Index(fields=['kind', 'slug', '-at'], name='listing_change_of'),
        ),
        migrations.AddConstraint(
            model_name='listingchange',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['added', 'changed', 'checked', 'removed'])), name='listing_change_word'),
        ),
        migrations.AddConstraint(
            model_name='listingchange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['center', 'program', 'specialist'])), name='listing_change_kind'),
        ),
        migrations.AddConstraint(
            model_name='listingchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', 'checked'), models.Q(('group', ''), _negated=True), models.Q(('how', ''), _negated=True)), models.Q(models.Q(('what', 'checked'), _negated=True), ('group', ''), ('how', '')), _connector='OR'), name='listing_change_check_whole'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['state', 'sent_at'], name='listing_report_queue'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', False), ('program__isnull', True), ('specialist__isnull', True)), models.Q(('center__isnull', True), ('program__isnull', False), ('specialist__isnull', True)), models.Q(('center__isnull', True), ('program__isnull', True), ('specialist__isnull', False)), _connector='OR'), name='listing_report_of_one_listing'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('closed_at__isnull', True), ('closed_by__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['settled', 'declined']), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='listing_report_closed_whole'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('problem__in', ['phone', 'address', 'closed', 'doctor', 'offer', 'other'])), name='listing_report_problem_word'),
        ),
    ]
